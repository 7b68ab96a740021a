import { SandboxError, type CallOptions, type ContextRequestInput, type ExecutionResult } from '@sandport/core';
import { KeptPlace, saysEnded, type PlaceOptions } from './kept-place.ts';
import { TurnQueue } from './turn-queue.ts';

/** How a session keeps its place. */
export interface CodeSessionOptions extends PlaceOptions {
  /** Time without a call after which the place is ended, in milliseconds. */
  readonly idleTimeoutMs: number;
}

/** A result of a session, and whether what former calls had left was gone when the program began. */
export interface SessionResult {
  readonly result: ExecutionResult;
  readonly stateWasLost: boolean;
}

/**
 * One place that is kept for one conversation and language: made by its first call, ended when it is closed or idle, replaced when it has died. Calls run one after the
 * other. No program is run twice: a call that finds the place ended throws, and the next one gets another.
 */
export class CodeSession {
  readonly #options: CodeSessionOptions;
  readonly #turns = new TurnQueue();
  #place: KeptPlace | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #hadPlace = false;
  #isClosed = false;

  constructor(options: CodeSessionOptions) {
    this.#options = options;
  }

  /** @throws SandboxError as a sandbox does; `SANDBOX_CLOSED` after the session's own end. */
  run(request: ContextRequestInput, call: CallOptions): Promise<SessionResult> {
    return this.#turns.take(call.signal, async () => {
      clearTimeout(this.#idleTimer);
      try {
        return await this.#runHere(request, call);
      } finally {
        this.#watchIdleness();
      }
    });
  }

  /** Ends the place, and the call that runs in it. Idempotent. @throws SandboxError what the provider throws. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
    // A place that was being made meanwhile.
    await this.#turns.take(undefined, () => this.#end());
  }

  async #runHere(request: ContextRequestInput, call: CallOptions): Promise<SessionResult> {
    if (this.#isClosed) throw closedError();
    const stateWasLost = await this.#makePlace(call);
    const place = this.#place;
    if (this.#isClosed || place === undefined) {
      await this.#giveUp();
      throw closedError();
    }
    try {
      return { result: await place.execute(request, call), stateWasLost };
    } catch (error) {
      if (saysEnded(error)) await this.#giveUp();
      throw error;
    }
  }

  /** Resolves with whether a former place is gone. */
  async #makePlace(call: CallOptions): Promise<boolean> {
    if (this.#place !== undefined && (await this.#place.isAlive(call))) return false;
    await this.#giveUp();
    const hadPlace = this.#hadPlace;
    this.#place = await KeptPlace.create(this.#options, call);
    this.#hadPlace = true;
    return hadPlace;
  }

  #watchIdleness(): void {
    if (this.#place === undefined) return;
    this.#idleTimer = setTimeout(() => {
      void this.#turns.take(undefined, () => this.#giveUp());
    }, this.#options.idleTimeoutMs);
    this.#idleTimer.unref();
  }

  /** What comes next does not need the former place to be ended well. */
  #giveUp(): Promise<void> {
    return this.#end().catch(this.#options.onWarning);
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const place = this.#place;
    this.#place = undefined;
    await place?.destroy();
  }
}

function closedError(): SandboxError {
  return new SandboxError('SANDBOX_CLOSED', 'The tool was closed.', {
    operation: 'runCode',
    suggestion: 'Make another tool; a closed one takes no more calls.',
  });
}
