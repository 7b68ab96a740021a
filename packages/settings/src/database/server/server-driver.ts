import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import { Turns } from '../turns.ts';
import type { ServerLink } from './server-link.ts';

/** The statements that begin a transaction, which differ from server to server. */
export type BeginStatements = (settings: TransactionSettings) => readonly string[];

/** Kysely's driver over one connection. */
export class ServerDriver implements Driver {
  readonly #link: ServerLink;
  readonly #begin: BeginStatements;
  readonly #turns = new Turns(1);
  readonly #giveBack = new WeakMap<DatabaseConnection, () => void>();

  constructor(link: ServerLink, begin: BeginStatements) {
    this.#link = link;
    this.#begin = begin;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const giveBack = await this.#turns.take(this.#link.broken);
    const connection = new LinkedConnection(this.#link);
    this.#giveBack.set(connection, giveBack);
    return connection;
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#giveBack.get(connection)?.();
    return Promise.resolve();
  }

  async beginTransaction(_connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    for (const sql of this.#begin(settings)) await this.#run(sql);
    this.#link.phase = 'open';
  }

  async commitTransaction(): Promise<void> {
    this.#link.phase = 'committing';
    await this.#run('commit');
    this.#link.phase = 'none';
  }

  async rollbackTransaction(): Promise<void> {
    try {
      await this.#run('rollback');
      this.#link.phase = 'none';
    } catch (error) {
      // The server undoes it when the connection is gone. What went wrong before is what the caller has to know.
      this.#link.break(error);
    }
  }

  /** The connection is its owner's to close. */
  destroy(): Promise<void> {
    return Promise.resolve();
  }

  #run(sql: string): Promise<QueryResult<unknown>> {
    return this.#link.run({ sql, parameters: [] });
  }
}

class LinkedConnection implements DatabaseConnection {
  readonly #link: ServerLink;

  constructor(link: ServerLink) {
    this.#link = link;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    // Kysely knows the shape of the rows from the statement.
    return (await this.#link.run(query)) as QueryResult<Row>;
  }

  streamQuery(): never {
    throw new TypeError('rows are not streamed: tables of settings are small');
  }
}
