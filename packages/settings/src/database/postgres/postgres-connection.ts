import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { SandboxError } from '@sandport/core';
import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type QueryResult, type TransactionSettings } from 'kysely';
import { Client, TypeOverrides, type QueryResult as DriverResult } from 'pg';
import type { KindOfAdapter } from '../dialect-kind.ts';
import type { ServerAddress } from '../server/server-address.ts';
import type { ServerConnection } from '../server/server-connection.ts';
import { ServerDriver } from '../server/server-driver.ts';
import { codeOf, ExplainedFailure, PASSWORD_MISSING, TLS_NOT_OFFERED } from '../server/server-failure.ts';
import { ServerLink, type RawConnection } from '../server/server-link.ts';
import { readTlsMaterial, type TlsMaterial } from '../server/tls-material.ts';
import type { Tables } from '../tables.ts';
import { untilAborted } from '../until-aborted.ts';
import { POSTGRES_PORT } from './postgres-port.ts';

const TCP_KEEP_ALIVE_MS = 30_000;
/** The server ends a transaction whose client has vanished without a word, and with it the locks. */
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;
/** `int8` and `numeric`, which the driver gives as texts. No number of ours has more digits than JavaScript's. */
const NUMBER_TYPES: readonly number[] = [20, 1700];
/** What a server without TLS answers to the wish for it. */
const TLS_REFUSAL = 'N'.charCodeAt(0);

/**
 * Connects to a PostgreSQL server.
 *
 * @throws the signal's reason when it fires first; else what the driver said.
 */
export async function connectPostgres(address: ServerAddress, signal: AbortSignal): Promise<ServerConnection> {
  signal.throwIfAborted();
  const tls = await readTlsMaterial(address);
  const socket = new Socket();
  const seen = { isPasswordMissing: false, firstByte: 0 };
  socket.once('data', (bytes: Buffer) => (seen.firstByte = bytes[0] ?? 0));
  const client = new Client({
    host: address.host,
    port: address.port ?? POSTGRES_PORT,
    database: address.database,
    user: address.user,
    // A function, so that neither the environment nor a file of the user's steps in where there is none.
    password: () => {
      seen.isPasswordMissing = address.password === undefined;
      return address.password ?? '';
    },
    application_name: 'sandport',
    ssl: tls === undefined ? false : tlsOptions(tls),
    stream: () => socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: TCP_KEEP_ALIVE_MS,
    types: numbersAsNumbers(),
  });
  const link = new ServerLink(rawConnection(client, socket));
  // Both also come while nobody asks for anything, when the server is stopped for instance.
  client.on('error', (error) => link.break(error));
  client.on('end', () => link.break(new Error('the server ended the connection')));
  try {
    await untilAborted(client.connect(), signal);
  } catch (error) {
    link.break(error);
    signal.throwIfAborted();
    if (codeOf(error) !== undefined) throw error;
    if (tls !== undefined && seen.firstByte === TLS_REFUSAL) throw new ExplainedFailure(TLS_NOT_OFFERED, error);
    if (seen.isPasswordMissing) throw new ExplainedFailure(PASSWORD_MISSING, error);
    throw error;
  }
  return { link, tables: tablesOver(link) };
}

function numbersAsNumbers(): TypeOverrides {
  const overrides = new TypeOverrides();
  for (const type of NUMBER_TYPES) overrides.setTypeParser(type, Number);
  return overrides;
}

function tlsOptions({ rejectUnauthorized, isNameChecked, ca }: TlsMaterial): ConnectionOptions {
  return {
    rejectUnauthorized,
    ...(ca === undefined ? {} : { ca }),
    ...(isNameChecked ? {} : { checkServerIdentity: () => undefined }),
  };
}

function rawConnection(client: Client, socket: Socket): RawConnection {
  return {
    run: async (sql, parameters) => toResult(sql, await client.query(sql, parameters.length === 0 ? undefined : [...parameters])),
    end: () => client.end(),
    destroy: () => void socket.destroy(),
    keepAlive: (isWanted) => void (isWanted ? socket.ref() : socket.unref()),
  };
}

const CHANGING_COMMANDS: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Several statements in one text have as many results, of which the last counts. */
function toResult(sql: string, results: DriverResult | DriverResult[]): QueryResult<unknown> {
  const result = Array.isArray(results) ? results.at(-1) : results;
  if (sql === 'commit' && result?.command !== 'COMMIT') throw rolledBack();
  if (result === undefined) return { rows: [] };
  const rows: unknown[] = result.rows;
  return CHANGING_COMMANDS.has(result.command) ? { rows, numAffectedRows: BigInt(result.rowCount ?? 0) } : { rows };
}

/** PostgreSQL answers a commit after a failed statement with a rollback, and calls that a success. */
function rolledBack(): SandboxError {
  return new SandboxError('INTERNAL', 'A statement of a transaction had failed and was passed over; nothing of the transaction was kept.');
}

function beginStatements({ isolationLevel = 'read committed', accessMode }: TransactionSettings): readonly string[] {
  const modes = `isolation level ${isolationLevel}${accessMode === undefined ? '' : ` ${accessMode}`}`;
  return [`begin ${modes}; set local idle_in_transaction_session_timeout = ${IDLE_TRANSACTION_TIMEOUT_MS}`];
}

class SettingsPostgresAdapter extends PostgresAdapter implements KindOfAdapter {
  readonly databaseKind = 'postgres';
}

function tablesOver(link: ServerLink): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createDriver: () => new ServerDriver(link, beginStatements),
      createAdapter: () => new SettingsPostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (database) => new PostgresIntrospector(database),
    },
  });
}
