import type { KeepingHabits } from './living-habits.ts';

/** How long a sandbox is kept. */
export interface LifeTimes {
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
}

/** The longest that a timer of Node can wait. */
const NEVER_MS = 2 ** 31 - 1;

/** Ends a sandbox that nobody uses, or whose time is over. */
export class SandboxLife {
  readonly #habits: KeepingHabits;
  readonly #idleTimeoutMs: number;
  readonly #onEnd: () => void;
  readonly #bornExpiryMs: number;
  #lifetimeMs: number;
  #expiresAtMs: number;
  #calls = 0;
  #idleTimer: NodeJS.Timeout;
  #endTimer: NodeJS.Timeout;

  constructor({ idleTimeoutMs, lifetimeMs }: LifeTimes, habits: KeepingHabits, onEnd: () => void) {
    this.#habits = habits;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#lifetimeMs = lifetimeMs;
    this.#onEnd = onEnd;
    this.#idleTimer = setTimeout(onEnd, habits.idle === 'never' ? NEVER_MS : idleTimeoutMs);
    this.#endTimer = this.#newEndTimer();
    this.#bornExpiryMs = Date.now() + lifetimeMs;
    this.#expiresAtMs = this.#bornExpiryMs;
  }

  get expiresAtMs(): number {
    return this.#habits.expiry === 'told' ? this.#expiresAtMs : this.#bornExpiryMs;
  }

  /** A call begins; what it gives ends it. */
  begin(): () => void {
    this.#calls += 1;
    if (this.#habits.idle === 'when-a-call-begins') this.#restartIdleTimer();
    if (this.#habits.idle === 'after-each-call') clearTimeout(this.#idleTimer);
    if (this.#habits.lifetime === 'renewed-by-calls') this.#restartEndTimer();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#calls -= 1;
      if (this.#calls === 0 && this.#habits.idle === 'after-each-call') this.#restartIdleTimer();
    };
  }

  extend(lifetimeMs: number): void {
    if (this.#habits.extending === 'ignored') return;
    const added = this.#habits.extending === 'added' ? this.#expiresAtMs - Date.now() : 0;
    this.#lifetimeMs = lifetimeMs + added;
    this.#restartEndTimer();
  }

  stop(): void {
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#endTimer);
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(this.#onEnd, this.#idleTimeoutMs);
  }

  #restartEndTimer(): void {
    clearTimeout(this.#endTimer);
    this.#endTimer = this.#newEndTimer();
    this.#expiresAtMs = Date.now() + this.#lifetimeMs;
  }

  #newEndTimer(): NodeJS.Timeout {
    return setTimeout(() => {
      if (this.#habits.lifetime !== 'ignored') this.#onEnd();
    }, this.#lifetimeMs);
  }
}
