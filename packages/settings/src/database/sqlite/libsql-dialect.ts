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
  readonly #onFailure: (error: unknown) => void;

  /** @param onFailure is called with each failure of a statement. */
  constructor(database: Database.Database, onFailure: (error: unknown) => void) {
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
  readonly #onFailure: (error: unknown) => void;

  constructor(database: Database.Database, onFailure: (error: unknown) => void) {
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
  override async beginTransaction(): Promise<void> {
    try {
      this.#database.exec('begin immediate');
    } catch (error) {
      this.#onFailure(error);
      throw error;
    }
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch (error) {
      // SQLite may have rolled back by itself; else closing the connection does. What went wrong before is what the caller has to know.
      this.#onFailure(error);
    }
  }
}

class WatchedConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection;
  readonly #onFailure: (error: unknown) => void;

  constructor(connection: DatabaseConnection, onFailure: (error: unknown) => void) {
    this.#connection = connection;
    this.#onFailure = onFailure;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      return await this.#connection.executeQuery<Row>(query);
    } catch (error) {
      this.#onFailure(error);
      throw error;
    }
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<Row>> {
    return this.#connection.streamQuery(query, chunkSize);
  }
}
