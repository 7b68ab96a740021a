import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { dockerError } from '../docker-errors.ts';
import { readAddress } from './engine-address.ts';
import type { EngineLocation } from './engine-location.ts';
import { readFileIfPresent, readTlsFolder } from './tls-files.ts';

/** The context that stands for "no context": `DOCKER_HOST` or the local socket. */
export const DEFAULT_CONTEXT = 'default';

const clientConfigSchema = z.object({ currentContext: z.string().optional() });

const contextSchema = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string().min(1), SkipTLSVerify: z.boolean().default(false) }) }),
});

/** The context that `docker context use` chose, if one was chosen. */
export function currentContext(configFolder: string): string | undefined {
  const path = join(configFolder, 'config.json');
  const text = readFileIfPresent(path);
  if (text === undefined) return undefined;
  return parseFile(path, text, clientConfigSchema).currentContext || undefined;
}

/**
 * Reads one of the contexts that `docker context create` wrote.
 *
 * @param source Who named it, for messages.
 * @throws SandboxError `CONFIG_INVALID` when there is none of this name or it cannot be read.
 */
export function readContext(configFolder: string, name: string, source: string): EngineLocation {
  const id = createHash('sha256').update(name).digest('hex');
  const path = join(configFolder, 'contexts', 'meta', id, 'meta.json');
  const text = readFileIfPresent(path);
  if (text === undefined) throw unknownContext(name, source);
  const { Host: host, SkipTLSVerify: skipsVerification } = parseFile(path, text, contextSchema).Endpoints.docker;
  const tls = readTlsFolder(join(configFolder, 'contexts', 'tls', id, 'docker'), !skipsVerification);
  return readAddress(host, `context "${name}" (${source})`, tls.isEmpty && !skipsVerification ? null : tls);
}

function parseFile<Schema extends z.ZodType>(path: string, text: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw dockerError('CONFIG_INVALID', 'configure', `"${path}" is not as the docker command writes it.`, {
      suggestion: 'Correct the file, or set the field "dockerHost".',
      details: { field: 'dockerHost' },
      cause: error,
    });
  }
}

function unknownContext(name: string, source: string): Error {
  return dockerError('CONFIG_INVALID', 'configure', `There is no Docker context "${name}", which ${source} names.`, {
    suggestion: 'Choose one of "docker context ls", or set the field "dockerHost".',
    details: { field: 'dockerHost', source },
  });
}
