import type { ConfigFieldDescription, ProviderDefinition } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { decodeText, readLocalFile, readStandardInput } from '../given-bytes.ts';
import { usageError } from '../usage-error.ts';
import { promptSecret } from './prompt-secret.ts';

/** Where new secrets come from. Their values are never on the command line, which others can see. */
export interface SecretOptions {
  /** Fields that are asked for. */
  readonly secret?: readonly string[];
  /** `FIELD=PATH` */
  readonly secretFile?: readonly string[];
  /** Field whose value is read from standard input. */
  readonly secretStdin?: string;
}

/** Most bytes of one secret: room for a chain of certificates. */
const SECRET_MAX_BYTES = 64 * 1024;

interface SecretSource {
  readonly field: string;
  readonly read: () => Promise<string>;
}

/** Prepares the reading of new secrets: names and sources are checked now, and read when everything else on the command line was found right. */
export function planSecrets(
  context: CliContext,
  definition: ProviderDefinition,
  fields: readonly ConfigFieldDescription[],
  options: SecretOptions,
): { readonly fields: readonly string[]; readonly read: () => Promise<ReadonlyMap<string, string>> } {
  const sources = sourcesOf(context, options);
  const names = sources.map(({ field }) => field);
  for (const [index, name] of names.entries()) {
    checkSecretField(definition, fields, name);
    if (names.indexOf(name) < index) throw usageError(`${name}: its secret is given twice.`, 'Name one source for each secret.');
  }
  return { fields: names, read: () => readAll(sources) };
}

function sourcesOf(context: CliContext, { secret = [], secretFile = [], secretStdin }: SecretOptions): SecretSource[] {
  if (secret.length > 0) checkTerminal(context, secret[0] ?? '', secretStdin);
  return [
    ...secretFile.map(fileSource),
    ...(secretStdin === undefined
      ? []
      : [{ field: secretStdin, read: async () => secretOf('-', await readStandardInput(context, SECRET_MAX_BYTES, 'secret')) }]),
    ...secret.map((field) => ({
      field,
      read: () => promptSecret(context, { name: field, instead: `give it with --secret-file ${field}=PATH` }),
    })),
  ];
}

function checkTerminal({ stdin }: CliContext, field: string, secretStdin: string | undefined): void {
  if (secretStdin !== undefined) {
    throw usageError('--secret and --secret-stdin: both read standard input.', `Give one of them as a file: --secret-file ${field}=PATH.`);
  }
  if (stdin.isTTY === true) return;
  throw usageError(
    '--secret: there is no terminal to ask at.',
    `Give it with --secret-file ${field}=PATH, or through a pipe with --secret-stdin ${field}.`,
  );
}

function checkSecretField(definition: ProviderDefinition, fields: readonly ConfigFieldDescription[], name: string): void {
  const secretNames = fields.filter(({ secret }) => secret).map((field) => field.name);
  if (secretNames.includes(name)) return;
  const known = secretNames.length === 0 ? 'It has none.' : `Its secret fields are: ${secretNames.join(', ')}.`;
  throw usageError(`"${name.slice(0, 64)}" is no secret field of the configuration of "${definition.id}".`, known);
}

async function readAll(sources: readonly SecretSource[]): Promise<ReadonlyMap<string, string>> {
  const secrets = new Map<string, string>();
  for (const { field, read } of sources) {
    const text = await read();
    if (text === '') throw usageError(`${field}: its secret is empty. Nothing was stored.`, `Take it away with ${field}= instead.`);
    secrets.set(field, text);
  }
  return secrets;
}

function fileSource(assignment: string): SecretSource {
  const separator = assignment.indexOf('=');
  const [field, path] = [assignment.slice(0, separator), assignment.slice(separator + 1)];
  // What has no "=" may be the secret itself, so it is not repeated.
  if (separator < 1 || path === '')
    throw usageError('--secret-file: is not FIELD=PATH.', 'Write, for example: --secret-file apiKey=./key.txt');
  return { field, read: async () => secretOf(path, await readLocalFile(path, SECRET_MAX_BYTES)) };
}

/** The whole text without the line end that an editor or `echo` puts behind it. */
function secretOf(name: string, bytes: Uint8Array): string {
  return decodeText(name, bytes).replace(/\r?\n$/, '');
}
