import { createHash, timingSafeEqual } from 'node:crypto';
import { Secret } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { decodeText, readLocalFile } from '../given-bytes.ts';
import { usageError } from '../usage-error.ts';

/** The variable that has the token; one on the command line everybody could read who lists the processes of the machine. */
export const TOKEN_VARIABLE = 'SANDPORT_MCP_TOKEN';

const MIN_LENGTH = 16;
const MAX_BYTES = 4096;

/** The token that callers must have: of the file, else of the variable; `undefined` where there is none. */
export async function readAccessToken({ environment }: CliContext, file: string | undefined): Promise<Secret | undefined> {
  const given = file === undefined ? environment[TOKEN_VARIABLE] : decodeText(file, await readLocalFile(file, MAX_BYTES)).trim();
  const source = file === undefined ? TOKEN_VARIABLE : '--token-file';
  if (given === undefined) return undefined;
  if (given.length < MIN_LENGTH || !/^[\u0021-\u007e]+$/.test(given))
    throw usageError(
      `${source}: is not a token.`,
      `Use at least ${MIN_LENGTH} letters, digits and signs without spaces, for example of "openssl rand -hex 32".`,
    );
  return new Secret(given);
}

/** Whether a header `authorization` has the token. How long it takes says nothing of the token. */
export function carriesToken(header: string | undefined, token: Secret): boolean {
  const [, given = ''] = /^bearer +(\S+)$/i.exec(header ?? '') ?? [];
  return timingSafeEqual(digestOf(given), digestOf(token.reveal()));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
