/** How long a sandbox lives, and who ends it. */
export interface SandboxLifeOptions {
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
  /** Called when its time is over, unless the instance keeps the time itself. */
  readonly end: () => void;
  /** The instance outlives us and keeps the time itself; we only know of it. */
  readonly isKeptInside: boolean;
}

/** The time limits of a sandbox that is kept open. Its timers do not keep the process alive. */
export class SandboxLife {
  readonly #options: SandboxLifeOptions;
  #expiresAtMs: number;
  #lifeTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: SandboxLifeOptions) {
    this.#options = options;
    this.#expiresAtMs = Date.now() + options.lifetimeMs;
    this.#startLifeTimer(options.lifetimeMs);
    this.noteIdle();
  }

  /** Milliseconds since the epoch. */
  get expiresAtMs(): number {
    return this.#expiresAtMs;
  }

  get remainingMs(): number {
    return Math.max(0, this.#expiresAtMs - Date.now());
  }

  get idleTimeoutMs(): number {
    return this.#options.idleTimeoutMs;
  }

  /** It now ends this long from now. */
  extend(lifetimeMs: number): void {
    this.#expiresAtMs = Date.now() + lifetimeMs;
    this.#startLifeTimer(lifetimeMs);
  }

  /** A call has begun: that is no idle time. */
  noteBusy(): void {
    clearTimeout(this.#idleTimer);
  }

  /** The last call is over. */
  noteIdle(): void {
    clearTimeout(this.#idleTimer);
    if (!this.#options.isKeptInside) this.#idleTimer = startTimer(this.#options.end, this.#options.idleTimeoutMs);
  }

  stop(): void {
    clearTimeout(this.#lifeTimer);
    clearTimeout(this.#idleTimer);
  }

  #startLifeTimer(lifetimeMs: number): void {
    clearTimeout(this.#lifeTimer);
    if (!this.#options.isKeptInside) this.#lifeTimer = startTimer(this.#options.end, lifetimeMs);
  }
}

/** The longest time that Node's timers can wait; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function startTimer(call: () => void, timeoutMs: number): NodeJS.Timeout {
  return setTimeout(call, Math.min(timeoutMs, LONGEST_TIMER_MS)).unref();
}
