import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerError } from '../docker-errors.ts';
import type { EngineTls } from './engine-location.ts';

/**
 * The certificates in a folder, under the names that the `docker` command gives them: `ca.pem`, `cert.pem` and `key.pem`.
 *
 * @throws SandboxError `CONFIG_INVALID` when one can be seen but not read, or a certificate lacks its key.
 */
export function readTlsFolder(folder: string, isVerified: boolean): EngineTls & { readonly isEmpty: boolean } {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFileIfPresent(join(folder, name)));
  if ((cert === undefined) !== (key === undefined)) {
    throw dockerError('CONFIG_INVALID', 'configure', `"${folder}" must have both cert.pem and key.pem, or neither.`, {
      suggestion: 'Put the missing file there.',
      details: { field: 'dockerHost' },
    });
  }
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    isVerified,
    isEmpty: ca === undefined && cert === undefined,
  };
}

/**
 * The text of a file that need not be there.
 *
 * @throws SandboxError `CONFIG_INVALID` when it is there and cannot be read.
 */
export function readFileIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw dockerError('CONFIG_INVALID', 'configure', `"${path}" cannot be read.`, {
      suggestion: 'Let the user that runs this program read it.',
      details: { field: 'dockerHost' },
      cause: error,
    });
  }
}
