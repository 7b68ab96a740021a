import { readFileSync } from 'node:fs';
import { SandboxError } from '@sandport/core';
import type { OpenIdConfig } from '../openid/openid-config.ts';

/** The secret by which the OpenID Connect provider knows this program; nothing where it needs none. @throws SandboxError `CONFIG_INVALID` */
export function readClientSecret({ clientSecretFile }: OpenIdConfig): string | undefined {
  if (clientSecretFile === undefined) return undefined;
  let secret: string;
  try {
    secret = readFileSync(clientSecretFile, 'utf8').trim();
  } catch (error) {
    throw invalid(`${clientSecretFile} cannot be read`, error);
  }
  if (secret === '') throw invalid(`${clientSecretFile} is empty`);
  return secret;
}

function invalid(problem: string, cause?: unknown): SandboxError {
  return new SandboxError('CONFIG_INVALID', `openId.clientSecretFile: ${problem}.`, {
    operation: 'configure',
    suggestion: 'Write the secret that the provider shows for this client into it, in a file that this user may read.',
    details: { field: 'openId.clientSecretFile' },
    cause,
  });
}
