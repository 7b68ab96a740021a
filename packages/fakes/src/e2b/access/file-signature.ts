import { createHash } from 'node:crypto';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';
import { isSameSecret } from './key-ring.ts';

/** What the query of a signed URL says. */
interface SignedQuery {
  readonly signature: string;
  readonly path: string;
  readonly user: string;
  readonly expiration: string | undefined;
}

function readSignature(query: ReadonlyMap<string, string>): SignedQuery | undefined {
  const signature = query.get('signature');
  if (signature === undefined) return undefined;
  return { signature, path: query.get('path') ?? '', user: query.get('username') ?? '', expiration: query.get('signature_expiration') };
}

/** Whether a signature is the one that a sandbox's token makes of the query. Says nothing about its expiration. */
export function isSignedFor(sandbox: E2bSandbox, method: string, query: ReadonlyMap<string, string>): boolean {
  const signed = readSignature(query);
  if (signed === undefined || sandbox.envdAccessToken === undefined) return false;
  const { path, user, expiration, signature } = signed;
  const parts = [
    path,
    method === 'GET' ? 'read' : 'write',
    user,
    sandbox.envdAccessToken,
    ...(expiration === undefined ? [] : [expiration]),
  ];
  const digest = createHash('sha256').update(parts.join(':')).digest('base64').replace(/=+$/, '');
  return isSameSecret(signature, `v1_${digest}`);
}

/** Whether the time of a signature is over: in the second behind the one that it names. One without a time has none that could be. */
export function hasExpired(query: ReadonlyMap<string, string>, nowMs: number): boolean {
  const expiration = query.get('signature_expiration');
  return expiration !== undefined && Math.floor(nowMs / 1_000) > Number(expiration);
}
