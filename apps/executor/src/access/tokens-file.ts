import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { describeIssue, SandboxError } from '@sandport/core';
import { parseJson } from '@sandport/provider-kit';
import { tokensDocumentSchema, type StoredToken } from './access-token.ts';

/**
 * Reads the file of the tokens.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the file and the field.
 */
export async function readTokensFile(file: string): Promise<readonly StoredToken[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw invalid(file, 'cannot be read', error);
  }
  const parsed = tokensDocumentSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data.tokens;
  const { field, message } = describeIssue(parsed.error, 'tokens');
  throw invalid(file, `${field}: ${message}`, parsed.error);
}

/** Reads the file, changes it and puts the whole of it in the place of the former one, so that no reader sees half of it. A missing file is an empty one. */
export async function changeTokensFile(file: string, change: (tokens: readonly StoredToken[]) => readonly StoredToken[]): Promise<void> {
  const tokens = await readTokensFile(file).catch((error: unknown) => {
    if (SandboxError.isInstance(error) && isMissing(error.cause)) return [];
    throw error;
  });
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, `${JSON.stringify({ tokens: change(tokens) }, undefined, 2)}\n`, { mode: 0o600 });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function invalid(file: string, problem: string, cause: unknown): SandboxError {
  return new SandboxError('CONFIG_INVALID', `${file}: ${problem} (tokens of the executor).`, {
    operation: 'readTokens',
    suggestion: 'Make the file by "sandport-executor token create".',
    details: { file },
    cause,
  });
}
