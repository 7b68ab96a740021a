import { connect, isIP, type Socket } from 'node:net';
import { Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, type QueryResult, type TransactionSettings } from 'kysely';
import { createConnection, type Connection, type ConnectionOptions } from 'mysql2';
import type { KindOfAdapter } from '../dialect-kind.ts';
import { isSocketPath, type ServerAddress } from '../server/server-address.ts';
import type { ServerConnection } from '../server/server-connection.ts';
import { ServerDriver } from '../server/server-driver.ts';
import { ExplainedFailure, type KnownFailure } from '../server/server-failure.ts';
import { ServerLink, type RawConnection } from '../server/server-link.ts';
import { readTlsMaterial, type TlsMaterial } from '../server/tls-material.ts';
import type { Tables } from '../tables.ts';
import { untilAborted } from '../until-aborted.ts';
import { MYSQL_PORT } from './mysql-port.ts';

const TCP_KEEP_ALIVE_MS = 30_000;

const ADDRESS_UNCHECKED: KnownFailure = {
  found: 'is named by an address, which its certificate cannot be compared with',
  remedy: 'Name the host as its certificate does, or add `sslmode=verify-ca` to the URL.',
};

/**
 * What a session must not leave to the server's configuration: a text that does not fit is an error and is not cut off; a backslash escapes, as the driver takes it to
 * when it writes values into statements; each statement sees what is stored now; a client that has vanished does not keep its locks.
 */
const SESSION_STATEMENTS = [
  `set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', session autocommit = 1, session wait_timeout = 120, session innodb_lock_wait_timeout = 60`,
  'set session transaction isolation level read committed',
];

/**
 * Connects to a MySQL or MariaDB server.
 *
 * @throws the signal's reason when it fires first; else what the driver said.
 */
export async function connectMysql(address: ServerAddress, signal: AbortSignal): Promise<ServerConnection> {
  signal.throwIfAborted();
  const tls = await readTlsMaterial(address);
  if (tls?.isNameChecked === true && isIP(address.host) !== 0) throw new ExplainedFailure(ADDRESS_UNCHECKED, undefined);
  const socket = openSocket(address);
  const connection = createConnection(driverOptions(address, tls, socket));
  const link = new ServerLink(rawConnection(connection, socket));
  // Both also come while nobody asks for anything, when the server is stopped for instance.
  connection.on('error', (error) => link.break(error));
  connection.on('end', () => link.break(new Error('the server ended the connection')));
  try {
    await untilAborted(connected(connection), signal);
    for (const sql of SESSION_STATEMENTS) await untilAborted(link.run({ sql, parameters: [] }), signal);
  } catch (error) {
    link.break(error);
    signal.throwIfAborted();
    throw error;
  }
  return { link, tables: tablesOver(link) };
}

function openSocket({ host, port = MYSQL_PORT }: ServerAddress): Socket {
  if (isSocketPath(host)) return connect(host);
  return connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS });
}

function driverOptions(address: ServerAddress, tls: TlsMaterial | undefined, socket: Socket): ConnectionOptions {
  const { host, database, user, password } = address;
  return {
    // By a socket's path the driver knows that nobody can listen on the way.
    ...(isSocketPath(host) ? { socketPath: host } : { host }),
    user,
    database,
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { ssl: tlsOptions(tls) }),
    stream: socket,
    // The deadline of the call is the only one.
    connectTimeout: 0,
    // A server could otherwise ask for files of this machine.
    flags: ['-LOCAL_FILES'],
    // Sums are numbers, as on the other databases.
    decimalNumbers: true,
  };
}

function tlsOptions({ rejectUnauthorized, isNameChecked, ca }: TlsMaterial) {
  return { rejectUnauthorized, verifyIdentity: isNameChecked, ...(ca === undefined ? {} : { ca }) };
}

function connected(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connect((error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

function rawConnection(connection: Connection, socket: Socket): RawConnection {
  return {
    run: (sql, parameters) =>
      new Promise((resolve, reject) => {
        connection.query(sql, [...parameters], (error, result) => {
          if (error === null) resolve(toResult(result));
          else reject(error);
        });
      }),
    end: () =>
      new Promise((resolve) => {
        connection.end(() => resolve());
      }),
    destroy: () => void socket.destroy(),
    keepAlive: (isWanted) => void (isWanted ? socket.ref() : socket.unref()),
  };
}

/** Rows for a statement that reads, counts for one that changes. */
function toResult(result: unknown): QueryResult<unknown> {
  if (Array.isArray(result)) return { rows: result };
  const affected: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'affectedRows') : undefined;
  return { rows: [], ...(typeof affected === 'number' ? { numAffectedRows: BigInt(affected) } : {}) };
}

function beginStatements({ isolationLevel, accessMode }: TransactionSettings): readonly string[] {
  const settings = [
    isolationLevel === undefined ? [] : [`isolation level ${isolationLevel}`],
    accessMode === undefined ? [] : [accessMode],
  ].flat();
  return settings.length === 0 ? ['begin'] : [`set transaction ${settings.join(', ')}`, 'begin'];
}

class SettingsMysqlAdapter extends MysqlAdapter implements KindOfAdapter {
  readonly databaseKind = 'mysql';
}

function tablesOver(link: ServerLink): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createDriver: () => new ServerDriver(link, beginStatements),
      createAdapter: () => new SettingsMysqlAdapter(),
      createQueryCompiler: () => new MysqlQueryCompiler(),
      createIntrospector: (database) => new MysqlIntrospector(database),
    },
  });
}
