import { SandboxError, type SandboxErrorCode } from '@sandport/core';

/** What is known of a failure. */
export interface KnownFailure {
  /** Follows the location of the database in a sentence: "is not reachable". */
  readonly found: string;
  /** One sentence. */
  readonly remedy: string;
  /** @default `SETTINGS_UNAVAILABLE` */
  readonly code?: SandboxErrorCode;
}

/** Where and when a failure was met. */
export interface FailurePlace {
  /** Of the database, without a password. */
  readonly location: string;
  readonly operation: string;
}

const MIGRATE = 'Run `sandport settings migrate`; if that finds nothing to do, restore the database from a backup.';
const TRUST =
  'Name the authority of its certificate with `sslrootcert` in the URL, mend the certificate, or choose with `sslmode` what is checked.';

/** A table or column is not there, whatever the database has noted about migrations. */
export const TABLE_MISSING: KnownFailure = {
  found: 'lacks a table or column',
  remedy: MIGRATE,
  code: 'SETTINGS_SCHEMA_MISMATCH',
};

/** A table that another program made, or somebody changed. */
export const COLUMN_TOO_NARROW: KnownFailure = {
  found: 'has a column that cannot hold the text',
  remedy: 'Give the columns of system_settings the lengths that RAGFlow gives them, and in MySQL the character set utf8mb4.',
  code: 'SETTINGS_SCHEMA_MISMATCH',
};

/** The server speaks without encryption only. */
export const TLS_NOT_OFFERED: KnownFailure = {
  found: 'offers no encryption (TLS)',
  remedy: 'Turn TLS on at the server, or add `sslmode=disable` to the URL if the network in between is trusted.',
};

/** The certificate of the server, or the encrypted connection. */
export const TLS_FAILED: KnownFailure = { found: 'cannot be reached through an encrypted connection that is trusted', remedy: TRUST };

/** The connection ended. */
export const CONNECTION_LOST: KnownFailure = {
  found: 'ended the connection',
  remedy: 'Call again; if that repeats, look into the log of the server.',
};

/** The server wants a password, and there is none. */
export const PASSWORD_MISSING: KnownFailure = { found: 'asks for a password', remedy: 'Add the password of the user to the URL.' };

/** A failure that is known by its circumstances: the driver gave it no code. */
export class ExplainedFailure extends Error {
  readonly known: KnownFailure;

  constructor(known: KnownFailure, cause: unknown) {
    super('the circumstances of the cause say more than the cause itself', { cause });
    this.name = 'ExplainedFailure';
    this.known = known;
  }
}

/** What the operating system says about the way to a server. */
const SYSTEM_FAILURES: Readonly<Record<string, KnownFailure>> = {
  ENOTFOUND: { found: 'is on a host whose name is not known', remedy: 'Correct the name of the host, or mend the name service.' },
  EAI_AGAIN: { found: 'is on a host whose name cannot be looked up now', remedy: 'Call again; if that repeats, mend the name service.' },
  ECONNREFUSED: { found: 'refuses connections', remedy: 'Start the database server, or correct host and port.' },
  EHOSTUNREACH: { found: 'is on a host that cannot be reached', remedy: 'Check the network and its firewalls, or correct the host.' },
  ENETUNREACH: { found: 'is in a network that cannot be reached', remedy: 'Check the network and its firewalls, or correct the host.' },
  ETIMEDOUT: { found: 'does not answer', remedy: 'Check the network and its firewalls, and that the server runs.' },
  ENOENT: { found: 'has no socket at that path', remedy: 'Start the database server, or correct the path of its socket.' },
  EACCES: { found: 'has a socket that this user may not use', remedy: 'Give this user the right to use the socket of the server.' },
  ECONNRESET: CONNECTION_LOST,
  ECONNABORTED: CONNECTION_LOST,
  EPIPE: CONNECTION_LOST,
};

/** What is known of an error code of the operating system or of OpenSSL. */
export function systemFailure(code: string): KnownFailure | undefined {
  return isTlsCode(code) ? TLS_FAILED : SYSTEM_FAILURES[code];
}

function isTlsCode(code: string): boolean {
  return /^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$)/.test(code);
}

/** The string in the member `code` of an error, if there is one. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What the caller is told: where, what is wrong, and what to do. */
export function failureError(place: FailurePlace, known: KnownFailure | undefined, code: string | undefined, cause: unknown): SandboxError {
  const { location, operation } = place;
  return new SandboxError(
    known?.code ?? 'SETTINGS_UNAVAILABLE',
    `The settings database "${location}" ${known?.found ?? 'cannot be used'}.`,
    {
      operation,
      suggestion: known?.remedy ?? 'Look into the log of the database server.',
      details: { location, ...(code === undefined ? {} : { code }) },
      cause,
    },
  );
}

/** The connection was lost, or time was over, while the server was asked to keep a transaction. */
export function unknownCommit({ location, operation }: FailurePlace, cause: unknown): SandboxError {
  return new SandboxError(
    'SETTINGS_UNAVAILABLE',
    `The settings database "${location}" did not say whether it kept the change before the connection ended.`,
    {
      operation,
      suggestion: 'Read what is stored before you change it again.',
      details: { location, isOutcomeKnown: false },
      cause,
    },
  );
}

/**
 * The same failure with nothing but what is safe to be shown: drivers hang whole statements with their values on an error, and servers quote values in some texts.
 *
 * @param members of the error that name things, and hold no values
 * @param mayShowText whether the text of this failure quotes no values
 */
export function withoutValues(error: unknown, members: readonly string[], mayShowText: boolean): Error {
  const text = error instanceof Error && mayShowText ? error.message : 'The text of this failure may quote stored values, and is left out.';
  const shown = new Error(text);
  shown.name = error instanceof Error ? error.name : 'Error';
  const facts = members.flatMap((name) => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [];
  });
  return Object.assign(shown, Object.fromEntries(facts));
}
