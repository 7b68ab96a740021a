import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError } from '@sandport/core';
import type { DatabaseCall } from './settings-database.ts';

/** What a {@link CallScope} is made for. */
export interface CallScopeOptions {
  readonly call: DatabaseCall;
  /** Of the database, for errors. */
  readonly location: string;
  readonly timeoutMs: number;
  /** Fires when the database is closed. */
  readonly closing: AbortSignal;
}

/** The time that a call has, and what ends it from outside: its caller, its deadline, or the closing of its database. */
export class CallScope {
  readonly #waiting = new AbortController();
  readonly #running = new AbortController();
  readonly #endsAtMs: number;
  readonly #release: () => void;

  /** @throws SandboxError when the call is over before it begins. */
  constructor({ call, location, timeoutMs, closing }: CallScopeOptions) {
    const stop = (error: SandboxError) => {
      this.#waiting.abort(error);
      this.#running.abort(error);
    };
    const withdraw = () => stop(withdrawn(call, location));
    const close = () => this.#waiting.abort(closed(call, location));
    if (closing.aborted) throw closed(call, location);
    if (call.signal?.aborted === true) throw withdrawn(call, location);
    closing.addEventListener('abort', close, { once: true });
    call.signal?.addEventListener('abort', withdraw, { once: true });
    this.#endsAtMs = performance.now() + timeoutMs;
    const timer = setTimeout(() => stop(late(call, location, timeoutMs)), timeoutMs);
    // It only watches: what is waited for keeps the process alive.
    timer.unref();
    this.#release = () => {
      clearTimeout(timer);
      closing.removeEventListener('abort', close);
      call.signal?.removeEventListener('abort', withdraw);
    };
  }

  /** Fires, with a `SandboxError`, when waiting for a turn or for a lock has no more sense: that is also when the database is closed. */
  get waiting(): AbortSignal {
    return this.#waiting.signal;
  }

  /** Fires, with a `SandboxError`, when work that has begun is to be broken off. */
  get running(): AbortSignal {
    return this.#running.signal;
  }

  get isOver(): boolean {
    return performance.now() >= this.#endsAtMs;
  }

  /** Waits a little before another attempt; longer the more there were. Different callers wait differently long. */
  async pause(attempts: number): Promise<void> {
    const pauseMs = Math.min(2 ** attempts, 50);
    try {
      await delay(pauseMs * (0.5 + Math.random()), undefined, { signal: this.waiting });
    } catch (error) {
      this.waiting.throwIfAborted();
      throw error;
    }
  }

  /** Lets go of the timer and the signals. */
  end(): void {
    this.#release();
  }
}

function closed({ operation }: DatabaseCall, location: string): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', `The settings database "${location}" was closed.`, {
    operation,
    suggestion: 'Open it again before using it.',
  });
}

function withdrawn({ operation, signal }: DatabaseCall, location: string): SandboxError {
  return new SandboxError('CANCELLED', `The call to the settings database "${location}" was withdrawn.`, {
    operation,
    cause: signal?.reason,
  });
}

function late({ operation }: DatabaseCall, location: string, timeoutMs: number): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', `The settings database "${location}" did not answer within ${timeoutMs} ms.`, {
    operation,
    suggestion: 'Check that the database runs and is not overloaded, and that no other program holds a lock on its tables.',
  });
}
