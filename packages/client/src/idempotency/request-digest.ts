import { createHash, type Hash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { SANDBOX_LIMIT_NAMES, SandboxError, type ExecutionRequest, type JsonValue } from '@sandport/core';

/**
 * SHA-256 of what a request asks for, in hexadecimal digits: the same for members in another order, another one for any other program, input, limit or network
 * policy. On whose behalf, how long to wait for admission and who listens to the output do not belong to it.
 *
 * @throws SandboxError `REQUEST_INVALID` naming `stdin`, when that is a stream: nobody can tell two of them apart before they are read.
 */
export function requestDigestOf(request: ExecutionRequest): string {
  const { stdin } = request;
  if (!(stdin instanceof Uint8Array)) throw streamRefused();
  const hash = createHash('sha256');
  addPart(hash, 'language', request.language);
  addPart(hash, 'code', request.code);
  addPart(hash, 'arguments', canonicalJson(request.arguments));
  addPart(hash, 'environment', canonicalJson({ ...request.environment }));
  addPart(hash, 'network', request.network);
  addPart(hash, 'limits', canonicalJson(limitsOf(request)));
  addPart(hash, 'stdin', stdin);
  for (const [path, content] of [...request.files].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    addPart(hash, 'path', path);
    addPart(hash, 'content', createHash('sha256').update(content).digest());
  }
  return hash.digest('hex');
}

/** Name and length go before the bytes, so that nothing of one part can be taken for the beginning of another. */
function addPart(hash: Hash, name: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  hash.update(`${name}:${bytes.byteLength}:`).update(bytes);
}

function limitsOf({ limits, sandboxLimits }: ExecutionRequest): JsonValue {
  return { ...limits, ...Object.fromEntries(SANDBOX_LIMIT_NAMES.map((name) => [name, sandboxLimits[name] ?? null])) };
}

function canonicalJson(value: JsonValue): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, inOrder(member)]),
  );
}

function streamRefused(): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'stdin: a stream cannot go together with an idempotency key.', {
    suggestion: 'Give standard input as text or bytes, or leave the key out.',
    details: { field: 'stdin' },
  });
}
