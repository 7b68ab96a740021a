import {
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import type Database from 'libsql';
import type { KindOfAdapter } from '../dialect-kind.ts';

/** Kysely's SQLite dialect over a database of libsql, with transactions that take the write lock when they begin. */
export class LibsqlDialect implements Dialect {
  readonly #database: Database.Database;
  readonly #onFailure: () => void;

  /** @param onFailure is called for each statement that failed. */
  constructor(database: Database.Database, onFailure: () => void) {
    this.#database = database;
    this.#onFailure = onFailure;
  }

  createDriver(): Driver {
    return new LibsqlDriver(this.#database, this.#onFailure);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new LibsqlAdapter();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(database);
  }
}

class LibsqlAdapter extends SqliteAdapter implements KindOfAdapter {
  readonly databaseKind = 'sqlite';

  /** So that all migrations run in one transaction, which also keeps a second process out. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class LibsqlDriver extends SqliteDriver {
  readonly #database: Database.Database;
  readonly #onFailure: () => void;

  constructor(database: Database.Database, onFailure: () => void) {
    super({ database });
    this.#database = database;
    this.#onFailure = onFailure;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new WatchedConnection(await super.acquireConnection(), this.#onFailure);
  }

  /**
   * A lock must be met here and nowhere later: libsql does not reset a prepared statement that met one, and until the garbage
   * collector takes it the connection cannot commit. `exec` keeps no statement.
   */
  override beginTransaction(): Promise<void> {
    this.#database.exec('begin immediate');
    return Promise.resolve();
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch {
      // SQLite may have rolled back by itself; else closing the connection does. What went wrong before is what the caller has to know.
      this.#onFailure();
    }
  }
}

class WatchedConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection;
  readonly #onFailure: () => void;

  constructor(connection: DatabaseConnection, onFailure: () => void) {
    this.#connection = connection;
    this.#onFailure = onFailure;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      return await this.#connection.executeQuery<Row>(query);
    } catch (error) {
      this.#onFailure();
      throw error;
    }
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<Row>> {
    return this.#connection.streamQuery(query, chunkSize);
  }
}
