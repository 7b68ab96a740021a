import type { ExecutionResult, NetworkPolicy } from '@sandport/core';

/** Errors by which Python and its libraries say that a connection came to nothing. */
const NETWORK_ERROR_TYPES = new Set([
  'gaierror',
  'herror',
  'URLError',
  'ConnectionError',
  'ConnectionRefusedError',
  'ConnectTimeout',
  'ConnectError',
  'NewConnectionError',
  'MaxRetryError',
  'ClientConnectorError',
  'APIConnectionError',
]);

/** Words by which Node, JavaScript and Python without sockets, and their systems say the same. */
const NETWORK_WORDS =
  /\b(?:EAI_AGAIN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED)\b|fetch failed|'?fetch'? is not defined|module '_socket' has no attribute|Network is unreachable|No route to host|Name or service not known|Temporary failure in name resolution/;

/**
 * What a model is told when its program failed as programs do that look for a network. It is a hint that rests on the program's own words, and no verdict: a program
 * that ended otherwise, or where there is a network, gets none.
 */
export function networkNote(result: ExecutionResult, network: NetworkPolicy): string | undefined {
  if (network !== 'none' || result.status !== 'failed') return undefined;
  const { type, message: words } = result.error;
  const looksForNetwork = NETWORK_ERROR_TYPES.has(type.split('.').at(-1) ?? '') || NETWORK_WORDS.test(words);
  if (!looksForNetwork) return undefined;
  return 'Network access is denied: programs here reach no other machine. Do not try other addresses; pass what the program needs as arguments or files.';
}
