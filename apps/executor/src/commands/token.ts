import { Command, InvalidArgumentError, Option } from 'commander';
import { SandboxError } from '@sandport/core';
import type { CommandContext } from '@sandport/http-service';
import { z } from 'zod';
import { ANY_TENANT, hashToken, makeToken, SCOPES, storedTokenSchema, type Scope, type StoredToken } from '../access/access-token.ts';
import { changeTokensFile, readTokensFile } from '../access/tokens-file.ts';

interface CreateOptions {
  readonly file: string;
  readonly id: string;
  readonly tenant: string;
  readonly scope: readonly Scope[];
  readonly days?: number;
  readonly maxConcurrency?: number;
  readonly maxCallsPerMinute?: number;
  readonly json?: boolean;
}

const DAY_MS = 24 * 3_600_000;

const fileOption = (): Option =>
  new Option('--file <path>', 'the file of the tokens').env('SANDPORT_EXECUTOR_TOKENS_FILE').makeOptionMandatory();

/** `token`: who may call. */
export function tokenCommand(context: CommandContext): Command {
  return new Command('token')
    .description('Make, list and revoke tokens. A running executor takes notice within a second.')
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
    .addCommand(revokeCommand(context));
}

function createCommand({ stdout }: CommandContext): Command {
  return new Command('create')
    .description('Make a token and print it, once: only its hash is kept.')
    .addOption(fileOption())
    .requiredOption('--id <name>', 'names it in logs and metrics, and to revoke it')
    .option('--tenant <name>', `whose calls they are; "${ANY_TENANT}": the call says so`, 'default')
    .addOption(
      new Option('--scope <names...>', 'what it is good for').choices(Object.keys(SCOPES)).default(['execute', 'sandboxes', 'read']),
    )
    .option('--days <number>', 'how long it is good; without this, until it is revoked', wholeNumber)
    .option('--max-concurrency <number>', 'calls at one time', wholeNumber)
    .option('--max-calls-per-minute <number>', 'calls in a minute', wholeNumber)
    .option('--json', 'print one JSON document')
    .action(async ({ file, id, tenant, scope, days, maxConcurrency, maxCallsPerMinute, json }: CreateOptions) => {
      const text = makeToken();
      const token = storedTokenSchema.safeParse({
        id,
        sha256: hashToken(text),
        tenant,
        scopes: scope,
        ...(days === undefined ? {} : { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }),
        maxConcurrency,
        maxCallsPerMinute,
      });
      if (!token.success) throw usageError(z.prettifyError(token.error));
      await changeTokensFile(file, (tokens) => {
        if (tokens.some((other) => other.id === id)) throw usageError(`There is a token "${id}" already.`);
        return [...tokens, token.data];
      });
      stdout.write(json === true ? `${JSON.stringify({ ...describe(token.data), token: text })}\n` : `${text}\n`);
    });
}

function listCommand({ stdout }: CommandContext): Command {
  return new Command('list')
    .description('List the tokens. What they are is not known here.')
    .addOption(fileOption())
    .option('--json', 'print one JSON document')
    .action(async ({ file, json }: { readonly file: string; readonly json?: boolean }) => {
      const tokens = (await readTokensFile(file)).map(describe);
      if (json === true) stdout.write(`${JSON.stringify(tokens)}\n`);
      else
        for (const { id, tenant, scopes, expiresAt } of tokens)
          stdout.write(`${id}  ${tenant}  ${scopes.join(',')}  ${expiresAt ?? 'until revoked'}\n`);
    });
}

function revokeCommand({ stdout }: CommandContext): Command {
  return new Command('revoke')
    .description('Revoke a token: its calls are refused from now on.')
    .addOption(fileOption())
    .argument('<id>', 'its name')
    .action(async (id: string, { file }: { readonly file: string }) => {
      await changeTokensFile(file, (tokens) => {
        if (!tokens.some((token) => token.id === id)) throw usageError(`There is no token "${id}".`);
        return tokens.filter((token) => token.id !== id);
      });
      stdout.write(`"${id}" is revoked.\n`);
    });
}

function describe({ id, tenant, scopes, expiresAt }: StoredToken): Pick<StoredToken, 'id' | 'tenant' | 'scopes' | 'expiresAt'> {
  return { id, tenant, scopes, expiresAt };
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

function usageError(message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', message, { operation: 'token', suggestion: 'See "sandport-executor token --help".' });
}
