import { SandboxError } from '@sandport/core';
import { abortForMany } from '../abort-for-many.ts';
import { CallScope } from '../call-scope.ts';
import type { DatabaseCall, DatabaseKind, SettingsDatabase } from '../settings-database.ts';
import { Turns } from '../turns.ts';
import { untilAborted } from '../until-aborted.ts';
import { IdleConnections } from './idle-connections.ts';
import type { ServerConnection } from './server-connection.ts';
import { unknownCommit, type FailurePlace } from './server-failure.ts';
import type { TransactionPhase } from './server-link.ts';

/** What is done with a failure: `repeat` when the server kept nothing and another attempt has a chance, `lost` when the connection ended. */
export type FailureVerdict = 'repeat' | 'lost' | 'final';

/** One kind of server, at one address. */
export interface DatabaseServer {
  readonly kind: Exclude<DatabaseKind, 'sqlite'>;
  readonly location: string;
  /** @param signal fires, with a `SandboxError`, when nobody waits for the connection any more. */
  connect(signal: AbortSignal): Promise<ServerConnection>;
  judge(error: unknown): FailureVerdict;
  toError(error: unknown, place: FailurePlace): SandboxError;
}

/** How a {@link ServerDatabase} deals with its server. */
export interface ServerDatabaseOptions {
  /** How long a call may take with all that belongs to it (waiting for a connection, connecting, attempts), in milliseconds. @default 10000 */
  readonly callTimeoutMs?: number;
  /** How many connections there may be at a time. @default 4 */
  readonly poolSize?: number;
  /** Whether missing tables are made with the first call. Otherwise they are `SETTINGS_SCHEMA_MISMATCH`. @default false */
  readonly migrateOnOpen?: boolean;
}

/** Attempts after lost connections: those that wait for their next call may all have been ended, but nobody wants to try for ever. */
const MAX_LOST_CONNECTIONS = 5;

interface Failure {
  readonly error: unknown;
  /** Whether it came from the driver or the server. What the caller's own work throws is handed on as it is. */
  readonly isServers: boolean;
  readonly verdict: FailureVerdict;
  /** Of the connection when it failed; a connection that never was has none. */
  readonly phase: TransactionPhase;
}

type Work<Value> = (connection: ServerConnection) => Promise<Value>;

/** A database on a server, over a few connections. */
export class ServerDatabase implements SettingsDatabase {
  readonly #server: DatabaseServer;
  readonly #callTimeoutMs: number;
  readonly #poolSize: number;
  readonly #migrateOnOpen: boolean;
  readonly #turns: Turns;
  readonly #idle = new IdleConnections();
  readonly #closing = abortForMany();
  #hasSchema = false;
  #closed: Promise<void> | undefined;

  constructor(server: DatabaseServer, { callTimeoutMs = 10_000, poolSize = 4, migrateOnOpen = false }: ServerDatabaseOptions) {
    this.#server = server;
    this.#callTimeoutMs = callTimeoutMs;
    this.#poolSize = poolSize;
    this.#migrateOnOpen = migrateOnOpen;
    this.#turns = new Turns(poolSize);
  }

  get kind(): DatabaseKind {
    return this.#server.kind;
  }

  get location(): string {
    return this.#server.location;
  }

  read: SettingsDatabase['read'] = (call, work) =>
    this.#perform(
      call,
      ({ tables }) => work(tables),
      () => true,
    );

  write: SettingsDatabase['write'] = (call, work) =>
    this.#perform(
      call,
      ({ tables }) => tables.transaction().execute(work),
      // A transaction that had begun may have told others something; the caller decides what becomes of it.
      ({ phase }) => phase === 'none',
    );

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    // Calls that run have their deadlines; when all turns are ours, they are through.
    for (let turns = 0; turns < this.#poolSize; turns += 1) await this.#turns.take();
    await this.#idle.close();
  }

  async #perform<Value>(call: DatabaseCall, work: Work<Value>, mayFollowLoss: (failure: Failure) => boolean): Promise<Value> {
    const timeoutMs = call.timeoutMs ?? this.#callTimeoutMs;
    const scope = new CallScope({ call, location: this.location, timeoutMs, closing: this.#closing.signal });
    let lost = 0;
    try {
      for (let attempts = 1; ; attempts += 1) {
        const outcome = await this.#attempt(call, scope, work);
        if ('value' in outcome) return outcome.value;
        const error = this.#toError(outcome, call);
        if (outcome.verdict === 'lost') lost += 1;
        const isRepeated =
          outcome.verdict === 'repeat' || (outcome.verdict === 'lost' && lost <= MAX_LOST_CONNECTIONS && mayFollowLoss(outcome));
        if (!isRepeated || scope.isOver) throw error;
        await this.#pause(scope, attempts, error);
      }
    } finally {
      scope.end();
    }
  }

  #toError({ error, isServers, verdict, phase }: Failure, { operation }: DatabaseCall): unknown {
    if (!isServers || SandboxError.isInstance(error)) return error;
    const place = { location: this.location, operation };
    const explained = this.#server.toError(error, place);
    return verdict === 'lost' && phase === 'committing' ? unknownCommit(place, explained) : explained;
  }

  async #pause(scope: CallScope, attempts: number, failure: unknown): Promise<void> {
    try {
      await scope.pause(attempts);
    } catch (error) {
      // What kept failing says more than that the time is over.
      throw scope.isOver ? failure : error;
    }
  }

  async #attempt<Value>(call: DatabaseCall, scope: CallScope, work: Work<Value>): Promise<{ readonly value: Value } | Failure> {
    const giveBack = await this.#turns.take(scope.waiting);
    try {
      return await this.#onConnection(call, scope, work);
    } finally {
      giveBack();
    }
  }

  async #onConnection<Value>(call: DatabaseCall, scope: CallScope, work: Work<Value>): Promise<{ readonly value: Value } | Failure> {
    let connection: ServerConnection;
    try {
      connection = this.#idle.take() ?? (await this.#server.connect(scope.running));
    } catch (error) {
      return { error, isServers: true, verdict: 'final', phase: 'none' };
    }
    const { link } = connection;
    const stop = () => this.#stop(connection, scope, call);
    if (scope.running.aborted) stop();
    else scope.running.addEventListener('abort', stop, { once: true });
    try {
      const value = await untilAborted(this.#checkAndWork(call, connection, work), link.broken);
      this.#idle.put(connection);
      return { value };
    } catch (error) {
      const { phase } = link;
      const isServers = link.isOwnFailure(error) && !SandboxError.isInstance(error);
      const verdict = isServers ? this.#server.judge(error) : 'final';
      if (phase === 'none' && (verdict === 'repeat' || !isServers)) this.#idle.put(connection);
      else link.break(error);
      return { error, isServers, verdict, phase };
    } finally {
      scope.running.removeEventListener('abort', stop);
    }
  }

  #stop({ link }: ServerConnection, { running }: CallScope, { operation }: DatabaseCall): void {
    const isCommitting = link.phase === 'committing';
    // The answer is on its way, and says what became of the change; the deadline holds for it too.
    if (isCommitting && SandboxError.isInstance(running.reason) && running.reason.code === 'CANCELLED') return;
    link.break(isCommitting ? unknownCommit({ location: this.location, operation }, running.reason) : running.reason);
  }

  async #checkAndWork<Value>(call: DatabaseCall, connection: ServerConnection, work: Work<Value>): Promise<Value> {
    if (call.anySchema === true) {
      this.#hasSchema = false;
    } else if (!this.#hasSchema) {
      const { ensureSchema } = await import('../migrations/ensure-schema.ts');
      const { operation } = call;
      await ensureSchema({ tables: connection.tables, location: this.location, migrate: this.#migrateOnOpen, operation });
      this.#hasSchema = true;
    }
    return work(connection);
  }
}
