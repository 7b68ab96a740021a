import { readFile } from 'node:fs/promises';
import { ExplainedFailure } from './server-failure.ts';
import { tlsOf, type ServerAddress } from './server-address.ts';

/** What both drivers want to know for an encrypted connection. */
export interface TlsMaterial {
  readonly rejectUnauthorized: boolean;
  readonly isNameChecked: boolean;
  /** PEM; absent for those that come with Node. */
  readonly ca?: string;
}

/** `undefined` when nothing is to be encrypted. The file of authorities is read with each connection, so that it may be replaced. */
export async function readTlsMaterial(address: ServerAddress): Promise<TlsMaterial | undefined> {
  const tls = tlsOf(address);
  if (tls === 'disable') return undefined;
  const { certificateAuthorityFile } = address;
  return {
    rejectUnauthorized: tls !== 'no-verify',
    isNameChecked: tls === 'verify-full',
    ...(certificateAuthorityFile === undefined ? {} : { ca: await readAuthorities(certificateAuthorityFile) }),
  };
}

async function readAuthorities(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const known = {
      found: `cannot be trusted: the file of authorities "${path}" cannot be read`,
      remedy: 'Correct the path, or give this user the right to read the file.',
    };
    throw new ExplainedFailure(known, error);
  }
}
