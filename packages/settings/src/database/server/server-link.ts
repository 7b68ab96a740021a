import type { CompiledQuery, QueryResult } from 'kysely';
import { abortForMany } from '../abort-for-many.ts';
import { Turns } from '../turns.ts';
import { untilAborted } from '../until-aborted.ts';

/** A driver's connection, as far as we use it. */
export interface RawConnection {
  /** Runs one statement. Statements never overlap. */
  run(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>>;
  /** Takes leave of the server. */
  end(): Promise<void>;
  /** Closes the socket at once. */
  destroy(): void;
  /** Whether the connection keeps the process alive. */
  keepAlive(isWanted: boolean): void;
}

/** How far a transaction is. After `committing` only the server knows whether it was kept. */
export type TransactionPhase = 'none' | 'open' | 'committing';

/** One connection to a server: runs one statement after the other, until it breaks. */
export class ServerLink {
  phase: TransactionPhase = 'none';
  readonly #raw: RawConnection;
  readonly #turns = new Turns(1);
  readonly #broken = abortForMany();
  /** The failures that came from here, as opposed to those of whoever used it. */
  readonly #failures = new WeakSet<object>();

  constructor(raw: RawConnection) {
    this.#raw = raw;
  }

  /** Fires, with what broke it, when it is of no more use. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** Whether a failure came from the driver or the server. */
  isOwnFailure(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.#failures.has(error);
  }

  async run({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<QueryResult<unknown>> {
    const giveBack = await this.#turns.take(this.broken);
    try {
      return await untilAborted(this.#raw.run(sql, parameters), this.broken);
    } catch (error) {
      this.#note(error);
      throw error;
    } finally {
      giveBack();
    }
  }

  /** Closes it at once. Whatever runs on it ends with `reason`; the server undoes the transaction that is open. */
  break(reason: unknown): void {
    if (this.broken.aborted) return;
    this.#note(reason);
    this.#broken.abort(reason);
    this.#raw.destroy();
  }

  /** Takes leave of the server, which may take no longer than that. */
  async close(timeoutMs: number): Promise<void> {
    if (this.broken.aborted) return;
    const timer = setTimeout(() => this.break(new Error('the server did not take leave in time')), timeoutMs);
    try {
      await untilAborted(this.#raw.end(), this.broken);
    } catch (error) {
      // It is on its way out: all that matters is that nothing of it stays.
      this.break(error);
    } finally {
      clearTimeout(timer);
      this.break(new Error('the connection was closed'));
    }
  }

  keepAlive(isWanted: boolean): void {
    this.#raw.keepAlive(isWanted);
  }

  #note(error: unknown): void {
    if (typeof error === 'object' && error !== null) this.#failures.add(error);
  }
}
