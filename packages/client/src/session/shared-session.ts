import { monotonicClock, SandboxError, type CallOptions, type Clock, type Sandbox, type SandboxErrorCode } from '@sandport/core';
import { probeSandbox } from './sandbox-probe.ts';
import { sessionClosed } from './session-errors.ts';
import { SessionFinder, type HeldSandbox } from './session-finder.ts';
import type { SandboxOrigin, SessionHost, SessionIdentity, SessionSandboxEvent } from './session-host.ts';
import { TurnQueue } from './turn-queue.ts';

/** After so long without a call, a sandbox may have ended by itself; it is looked at before it is used again. */
const SURE_FOR_MS = 10_000;

/** Errors that say nothing about whether the sandbox lives. */
const HARMLESS: ReadonlySet<SandboxErrorCode> = new Set<SandboxErrorCode>([
  'REQUEST_INVALID',
  'LANGUAGE_UNSUPPORTED',
  'CAPABILITY_UNSUPPORTED',
  'FILE_NOT_FOUND',
  'CONTEXT_CLOSED',
  'POLICY_VIOLATED',
]);

/** What a call is for. */
export interface TurnPurpose {
  readonly operation: string;
  /** It runs a program or a cell. */
  readonly executes?: boolean;
}

/** The turn of one call: nobody else of this process uses the sandbox until `end`. */
export interface SessionTurn {
  readonly sandbox: Sandbox;
  /** What the call met; the session learns from it whether the sandbox is still good. */
  readonly failed: (error: unknown) => void;
  readonly end: () => void;
}

/** How a shared session is made. */
export interface SharedSessionOptions {
  readonly host: SessionHost;
  readonly identity: SessionIdentity;
  /** What must be over before its first call: a former session of the same key. */
  readonly after?: Promise<void> | undefined;
  readonly now?: Clock | undefined;
}

/** One session in this process, whoever has asked for it: its calls run one after the other, in one sandbox. */
export class SharedSession {
  readonly identity: SessionIdentity;
  readonly #host: SessionHost;
  readonly #finder: SessionFinder;
  readonly #queue: TurnQueue;
  readonly #now: Clock;
  /** Sandboxes that the session has left, and that are not gone yet. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #listeners = new Set<(event: SessionSandboxEvent) => void>();
  #held: HeldSandbox | undefined;
  #hasExecuted = false;
  #isDoubtful = false;
  #usedAt = 0;
  #lastSandbox: string | undefined;
  #generation = 0;
  #isDestroyed = false;
  #closing: Promise<void> | undefined;

  constructor({ host, identity, after, now = monotonicClock }: SharedSessionOptions) {
    this.identity = identity;
    this.#host = host;
    this.#finder = new SessionFinder(host, identity);
    this.#queue = new TurnQueue(after);
    this.#now = now;
  }

  get origin(): SandboxOrigin | undefined {
    return this.#held?.origin;
  }

  get generation(): number {
    return this.#generation;
  }

  get survivesRestart(): boolean {
    return this.#held?.revision !== undefined;
  }

  /** The sandbox that it has now, for calls that are not to wait for their turn. */
  get current(): Sandbox | undefined {
    return this.#held?.sandbox;
  }

  listen(listener: (event: SessionSandboxEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits for the turn, and gets the sandbox. */
  async begin({ operation, executes = false }: TurnPurpose, call: CallOptions): Promise<SessionTurn> {
    if (this.#closing !== undefined) throw sessionClosed(operation);
    const leave = await this.#queue.enter(operation, call.signal);
    try {
      this.#checkAlive(operation);
      const held = await this.#ready(executes, call);
      this.#checkAlive(operation);
      if (executes) this.#hasExecuted = true;
      return {
        sandbox: held.sandbox,
        failed: (error) => this.#judge(held, error),
        end: () => {
          this.#usedAt = this.#now();
          leave();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async use<Value>(purpose: TurnPurpose, call: CallOptions, work: (sandbox: Sandbox) => Promise<Value>): Promise<Value> {
    const turn = await this.begin(purpose, call);
    try {
      return await work(turn.sandbox);
    } catch (error) {
      turn.failed(error);
      throw error;
    } finally {
      turn.end();
    }
  }

  /** The sandbox may be over; it is looked at before the next call. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  /** As {@link Sandbox.extend}; what is remembered of the sandbox is remembered longer with it. */
  extend(lifetimeMs: number, call: CallOptions): Promise<void> {
    return this.use({ operation: 'extend' }, call, async (sandbox) => {
      await sandbox.extend(lifetimeMs, call);
      if (this.#held?.sandbox === sandbox) await this.#finder.rememberFor(this.#held, lifetimeMs, call);
    });
  }

  /** Ends the sandbox, a call that runs in it with it, and forgets the record. What fails may be tried again. */
  async destroy(call: CallOptions): Promise<void> {
    this.#isDestroyed = true;
    // Only this settles a call that runs. Should it fail, it is done again below, and the failure told.
    if (this.#queue.isBusy) await Promise.allSettled([this.#held?.sandbox.destroy(call)]);
    const leave = await this.#queue.enter('destroy', call.signal);
    try {
      await this.#finder.end(this.#held, call);
      this.#held = undefined;
    } finally {
      leave();
    }
  }

  /** Lets go of the sandbox when the calls that have come are over. One that nobody could find again is ended. It never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.idle();
    if (this.#held !== undefined) this.#letGo(this.#held);
    await Promise.all(this.#leaving);
  }

  #checkAlive(operation: string): void {
    if (this.#isDestroyed) throw sessionClosed(operation);
  }

  /** The sandbox for a call: the one that it has if that is still the right one, else the recorded one or a new one. */
  async #ready(executes: boolean, call: CallOptions): Promise<HeldSandbox> {
    const held = this.#held;
    if (held !== undefined && (await this.#isGood(held, executes, call))) return held;
    const next = await this.#finder.obtain(call);
    // One of a provider that is not active any more is kept until there is another.
    const former = this.#held;
    if (former !== undefined && nameOf(former) !== nameOf(next)) this.#leaveBehind(former.sandbox);
    this.#adopt(next);
    return next;
  }

  async #isGood(held: HeldSandbox, executes: boolean, call: CallOptions): Promise<boolean> {
    if (!(await this.#host.isActive(held.providerId, held.configDigest, call))) return false;
    if (executes && held.executesOnce && this.#hasExecuted) {
      // Gone before there is another, so that a session never takes two places.
      this.#held = undefined;
      await this.#finder.discard(held.sandbox);
      return false;
    }
    if (!this.#isDoubtful && this.#now() - this.#usedAt < SURE_FOR_MS) return true;
    const finding = await probeSandbox(held.sandbox, call);
    // One that cannot be reached may be reached anew if it is recorded; else the call itself has to find out.
    if (finding === 'over' || (finding === 'unreachable' && held.revision !== undefined)) {
      this.#letGo(held);
      return false;
    }
    this.#isDoubtful = finding === 'unreachable';
    return true;
  }

  #adopt(next: HeldSandbox): void {
    this.#held = next;
    this.#hasExecuted = false;
    this.#isDoubtful = false;
    this.#usedAt = this.#now();
    const name = nameOf(next);
    if (name !== this.#lastSandbox) this.#generation += 1;
    this.#lastSandbox = name;
    const event = { origin: next.origin, generation: this.#generation, sandboxId: next.sandbox.id, providerId: next.providerId };
    for (const listener of this.#listeners) this.#tell(listener, event);
  }

  #tell(listener: (event: SessionSandboxEvent) => void, event: SessionSandboxEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#host.warn(
        new SandboxError('INTERNAL', 'The listener of a session failed.', {
          operation: 'onSandbox',
          suggestion: 'Correct the listener; the session goes on.',
          cause: error,
        }),
      );
    }
  }

  #judge(held: HeldSandbox, error: unknown): void {
    const code = SandboxError.isInstance(error) ? error.code : undefined;
    if (code === 'SANDBOX_CLOSED') this.#letGo(held);
    else if (code === undefined || !HARMLESS.has(code)) this.doubt();
  }

  /** One that others may find goes on, or is over. One that nobody else can find is ended, in case it is not. */
  #letGo(held: HeldSandbox): void {
    if (this.#held === held) this.#held = undefined;
    if (held.revision === undefined) this.#leaveBehind(held.sandbox);
    else this.#host.letGo?.(held.sandbox);
  }

  #leaveBehind(sandbox: Sandbox): void {
    const leaving = this.#finder.discard(sandbox).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}

/** Ids are told apart by a provider, and another one may have the same. */
function nameOf({ providerId, sandbox }: HeldSandbox): string {
  return `${providerId} ${sandbox.id}`;
}
