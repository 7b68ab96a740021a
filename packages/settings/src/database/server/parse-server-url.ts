import { SandboxError } from '@sandport/core';
import type { ServerAddress, ServerTls } from './server-address.ts';

/** The names under which drivers and tools know the same few settings. */
const TLS_PARAMETERS: ReadonlySet<string> = new Set(['sslmode', 'ssl-mode']);
const AUTHORITY_PARAMETERS: ReadonlySet<string> = new Set(['sslrootcert', 'ssl-ca']);
const SOCKET_PARAMETERS: ReadonlySet<string> = new Set(['host', 'socket', 'socketpath']);

/** A user without a host, as in `postgres://user@/database?host=/run/postgresql`, is no URL to the parser. */
const NO_HOST = /^([^/?#]+:\/\/[^/?#]*@)\//;

/** A certificate that nobody looks at protects little, so `require` is not less than the rest. */
const TLS_WORDS: Readonly<Record<string, ServerTls>> = {
  disable: 'disable',
  disabled: 'disable',
  'no-verify': 'no-verify',
  'verify-ca': 'verify-ca',
  verify_ca: 'verify-ca',
  require: 'verify-full',
  required: 'verify-full',
  'verify-full': 'verify-full',
  verify_identity: 'verify-full',
};

/**
 * Reads `scheme://user:password@host:port/database?sslmode=…`. Characters with a meaning in a URL are written as `%` and two digits.
 *
 * @param field how the caller knows the URL, for errors
 * @throws SandboxError `REQUEST_INVALID` naming the field; it never shows the URL, which may hold a password
 */
export function parseServerUrl(text: string, schemes: readonly string[], field: string): ServerAddress {
  const url = readUrl(text, schemes, field);
  const part = (encoded: string, name: string) => decode(encoded, `${field}: its ${name}`, field);
  const parameters = readParameters(url, field);
  const host = parameters.host ?? part(url.hostname.replace(/^\[(.*)\]$/, '$1'), 'host');
  const database = part(url.pathname.replace(/^\//, ''), 'database');
  const user = part(url.username, 'user');
  const password = part(url.password, 'password');
  for (const [name, value] of Object.entries({ host, database, user })) {
    if (value === '') throw refuse(field, `names no ${name}`);
  }
  return {
    ...parameters,
    host,
    database,
    user,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(password === '' ? {} : { password }),
  };
}

function readUrl(text: string, schemes: readonly string[], field: string): URL {
  // What the parser says about a URL that it cannot read quotes it, so that error goes no further.
  const whole = text.replace(NO_HOST, '$1localhost/');
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined) throw refuse(field, 'is not a URL');
  if (!schemes.includes(url.protocol.slice(0, -1)))
    throw refuse(field, `begins with none of ${schemes.map((scheme) => `${scheme}://`).join(', ')}`);
  if (url.hash !== '') throw refuse(field, 'has a "#", which is written as %23');
  return url;
}

function readParameters(url: URL, field: string): Pick<ServerAddress, 'tls' | 'certificateAuthorityFile'> & { readonly host?: string } {
  const found: { tls?: ServerTls; certificateAuthorityFile?: string; host?: string } = {};
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    if (TLS_PARAMETERS.has(key)) found.tls = tlsNamed(value, name, field);
    else if (AUTHORITY_PARAMETERS.has(key)) found.certificateAuthorityFile = value;
    else if (SOCKET_PARAMETERS.has(key)) found.host = value;
    else throw refuse(field, `has the parameter "${name}", which is not known`);
  }
  return found;
}

function tlsNamed(word: string, parameter: string, field: string): ServerTls {
  const key = word.toLowerCase();
  const tls = Object.hasOwn(TLS_WORDS, key) ? TLS_WORDS[key] : undefined;
  if (tls === undefined) throw refuse(field, `has a ${parameter} that is none of disable, no-verify, verify-ca, verify-full`);
  return tls;
}

function decode(encoded: string, what: string, field: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    // Its error would quote what it could not read.
    throw new SandboxError('REQUEST_INVALID', `${what} has a "%" that is not followed by two hexadecimal digits.`, refusal(field));
  }
}

function refuse(field: string, problem: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${problem}.`, refusal(field));
}

function refusal(field: string) {
  return {
    operation: 'openSettings',
    suggestion: 'Write it as scheme://user:password@host:port/database, with %-escapes for characters that have a meaning in a URL.',
    details: { field },
  };
}
