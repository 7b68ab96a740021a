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
  TLS_FAILED,
  TLS_NOT_OFFERED,
  withoutValues,
  type FailurePlace,
  type KnownFailure,
} from '../server/server-failure.ts';

const REFUSED: KnownFailure = {
  found: 'refuses user or password',
  remedy: 'Correct user and password, and from where the user may connect.',
};
const NOT_ALLOWED: KnownFailure = {
  found: 'does not allow that to this user',
  remedy: 'Grant this user the rights on the tables, and for migrations those to create, alter and drop tables.',
};
const TOO_MANY: KnownFailure = {
  found: 'has no connection left',
  remedy: 'Raise max_connections of the server or of the user, or end connections that nobody uses.',
};
const HOST_REFUSED: KnownFailure = {
  found: 'lets nobody in from this host',
  remedy: 'Allow connections from this host, or unblock it with FLUSH HOSTS.',
};
const LOCKED: KnownFailure = {
  found: 'is locked by another program',
  remedy: 'Call again; if that repeats, end the program that holds the lock.',
};
const READ_ONLY: KnownFailure = {
  found: 'may only be read',
  remedy: 'Connect to the server that takes writes, not to its copy.',
};
const DISK_FULL: KnownFailure = {
  found: 'cannot grow: the disk of its server is full',
  remedy: 'Free some space on the disk of the server.',
};
const STOPPING: KnownFailure = { found: 'is being stopped', remedy: 'Call again when the server is up.' };
const BROKEN_OFF: KnownFailure = {
  found: 'broke the statement off',
  remedy: 'Raise the time limits of the server, or look for what slows it down.',
};
/** By the error numbers of MySQL and MariaDB. */
const FAILURES: Readonly<Record<number, KnownFailure>> = {
  1045: REFUSED,
  1698: REFUSED,
  1251: {
    found: 'wants to check the password in a way that is not known here',
    remedy: 'Choose caching_sha2_password or mysql_native_password for the user.',
  },
  1044: NOT_ALLOWED,
  1142: NOT_ALLOWED,
  1143: NOT_ALLOWED,
  1227: NOT_ALLOWED,
  1370: NOT_ALLOWED,
  1049: { found: 'does not exist on its server', remedy: 'Create the database, or correct its name.' },
  1040: TOO_MANY,
  1203: TOO_MANY,
  1226: TOO_MANY,
  1129: HOST_REFUSED,
  1130: HOST_REFUSED,
  1020: LOCKED,
  1205: LOCKED,
  1213: LOCKED,
  1290: READ_ONLY,
  1792: READ_ONLY,
  1836: READ_ONLY,
  1021: DISK_FULL,
  1114: DISK_FULL,
  1053: STOPPING,
  1317: BROKEN_OFF,
  1969: BROKEN_OFF,
  3024: BROKEN_OFF,
  1153: { found: 'takes no text of that length', remedy: 'Raise max_allowed_packet of the server.' },
  1366: COLUMN_TOO_NARROW,
  1406: COLUMN_TOO_NARROW,
  1054: TABLE_MISSING,
  1146: TABLE_MISSING,
};

/** By the codes that the driver gives to its own findings. */
const DRIVER_FAILURES: Readonly<Record<string, KnownFailure>> = {
  PROTOCOL_CONNECTION_LOST: CONNECTION_LOST,
  HANDSHAKE_NO_SSL_SUPPORT: TLS_NOT_OFFERED,
  HANDSHAKE_SSL_ERROR: TLS_FAILED,
  AUTH_SWITCH_PLUGIN_ERROR: {
    found: 'wants to check the password in a way that is not known here',
    remedy: 'Choose caching_sha2_password or mysql_native_password for the user.',
  },
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: {
    found: 'asks for the password in the clear',
    remedy: 'Choose caching_sha2_password or mysql_native_password for the user.',
  },
};

/** Nothing of the transaction was kept, and the next attempt meets other circumstances. */
const REPEATABLE: ReadonlySet<number> = new Set([1020, 1205, 1213]);
/** The server ends the connection with these: it is being stopped, or somebody ended it (1927 is MariaDB's, 4031 MySQL's). */
const ENDING: ReadonlySet<number> = new Set([1053, 1927, 4031]);
/** Their texts quote what was to be stored, or the statement. */
const QUOTING: ReadonlySet<number> = new Set([1062, 1064, 1265, 1292, 1366]);
/** Members of an error of the driver that hold no values. `sql` is the whole statement with its values. */
const SAFE_MEMBERS = ['code', 'errno', 'sqlState', 'syscall', 'address', 'port'];

/** What is done with a failure of a connection that was open. */
export function judgeMysql(error: unknown): FailureVerdict {
  const number = numberOf(error);
  if (number === undefined || ENDING.has(number)) return 'lost';
  return REPEATABLE.has(number) ? 'repeat' : 'final';
}

/** What the caller is told. */
export function toMysqlError(error: unknown, place: FailurePlace): SandboxError {
  if (error instanceof ExplainedFailure) return failureError(place, error.known, undefined, withoutValues(error.cause, SAFE_MEMBERS, true));
  const code = codeOf(error);
  const number = numberOf(error);
  const mayShowText = number === undefined || !QUOTING.has(number);
  return failureError(place, knownFailure(number, code), code, withoutValues(error, SAFE_MEMBERS, mayShowText));
}

function knownFailure(number: number | undefined, code: string | undefined): KnownFailure | undefined {
  if (number !== undefined) return FAILURES[number];
  return code === undefined ? CONNECTION_LOST : (DRIVER_FAILURES[code] ?? systemFailure(code));
}

/** The server's own number. Those of the operating system are negative. */
function numberOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errno' in error) || typeof error.errno !== 'number') return undefined;
  return error.errno > 0 ? error.errno : undefined;
}
