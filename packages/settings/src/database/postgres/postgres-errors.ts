import type { SandboxError } from '@sandport/core';
import type { FailureVerdict } from '../server/server-database.ts';
import {
  codeOf,
  COLUMN_TOO_NARROW,
  CONNECTION_LOST,
  ExplainedFailure,
  failureError,
  systemFailure,
  TABLE_MISSING,
  withoutValues,
  type FailurePlace,
  type KnownFailure,
} from '../server/server-failure.ts';

const LOCKED: KnownFailure = {
  found: 'is locked by another program',
  remedy: 'Call again; if that repeats, end the program that holds the lock.',
};
const STOPPING: KnownFailure = { found: 'is being stopped or started', remedy: 'Call again when the server is up.' };
const ENCODING: KnownFailure = {
  found: 'cannot hold every character',
  remedy: 'Create the database anew with the encoding UTF8.',
  code: 'SETTINGS_SCHEMA_MISMATCH',
};

/** By SQLSTATE. */
const FAILURES: Readonly<Record<string, KnownFailure>> = {
  '28P01': { found: 'refuses the password', remedy: 'Correct user and password.' },
  '28000': { found: 'lets this user not in from here', remedy: 'Correct the user, or allow the connection in pg_hba.conf of the server.' },
  '3D000': { found: 'does not exist on its server', remedy: 'Create the database, or correct its name.' },
  '42501': {
    found: 'does not allow that to this user',
    remedy: 'Grant this user the rights on the tables, and for migrations on the schema.',
  },
  '53300': { found: 'has no connection left', remedy: 'Raise max_connections of the server, or end connections that nobody uses.' },
  '53100': { found: 'cannot grow: the disk of its server is full', remedy: 'Free some space on the disk of the server.' },
  '53200': { found: 'is on a server that ran out of memory', remedy: 'Give the server more memory.' },
  '25006': { found: 'may only be read', remedy: 'Connect to the server that takes writes, not to its copy.' },
  '57P01': STOPPING,
  '57P02': STOPPING,
  '57P03': STOPPING,
  '57014': { found: 'broke the statement off', remedy: 'Raise statement_timeout of the server, or look for what slows it down.' },
  '55P03': LOCKED,
  '40P01': LOCKED,
  '40001': LOCKED,
  '22001': COLUMN_TOO_NARROW,
  '22021': ENCODING,
  '22P05': ENCODING,
  '42P01': TABLE_MISSING,
  '42703': TABLE_MISSING,
  '3F000': TABLE_MISSING,
};

/** Nothing of the transaction was kept, and the next attempt meets other circumstances. */
const REPEATABLE: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);

/** Members of an error of PostgreSQL that name things. `detail`, `where` and `internalQuery` quote values. */
const SAFE_MEMBERS = [
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'routine',
  'errno',
  'syscall',
  'address',
  'port',
];

/** What is done with a failure of a connection that was open. */
export function judgePostgres(error: unknown): FailureVerdict {
  const code = codeOf(error);
  if (code === undefined || !isSqlState(code)) return 'lost';
  if (REPEATABLE.has(code)) return 'repeat';
  return code.startsWith('08') || code.startsWith('57P') ? 'lost' : 'final';
}

/** What the caller is told. */
export function toPostgresError(error: unknown, place: FailurePlace): SandboxError {
  if (error instanceof ExplainedFailure) return failureError(place, error.known, undefined, withoutValues(error.cause, SAFE_MEMBERS, true));
  const code = codeOf(error);
  const failure = code === undefined ? CONNECTION_LOST : (FAILURES[code] ?? systemFailure(code));
  return failureError(place, failure, code, withoutValues(error, SAFE_MEMBERS, mayShowText(code)));
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
}

/** Texts about data (class 22), keys (23) and syntax (42601) quote. */
function mayShowText(code: string | undefined): boolean {
  return code === undefined || !(code.startsWith('22') || code.startsWith('23') || code === '42601');
}
