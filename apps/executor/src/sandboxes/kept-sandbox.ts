import { randomUUID } from 'node:crypto';
import { SandboxError, type Sandbox } from '@sandport/core';
import type { SandboxAnswer } from '@sandport/executor-api';

/** What a {@link KeptSandbox} is made of. */
export interface KeptSandboxOptions {
  readonly id: string;
  readonly sandbox: Sandbox;
  readonly tenant: string;
  readonly idleTimeoutMs: number | undefined;
  /** Called once, when nobody can use it here any more. */
  readonly onLeft: () => void;
}

/** A sandbox that callers use by its id. */
export class KeptSandbox {
  readonly id: string;
  readonly sandbox: Sandbox;
  readonly tenant: string;
  /** Names its holder: whoever took it over has another. */
  readonly connection = randomUUID();
  readonly #idleTimeoutMs: number | undefined;
  readonly #onLeft: () => void;
  readonly #whenLeft: (() => void)[] = [];
  #running = 0;
  #restingSinceMs = performance.now();
  #isLeft = false;
  #mayStay: () => boolean = () => true;

  constructor({ id, sandbox, tenant, idleTimeoutMs, onLeft }: KeptSandboxOptions) {
    this.id = id;
    this.sandbox = sandbox;
    this.tenant = tenant;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#onLeft = onLeft;
  }

  /** Carries out a call, which is no idle time. */
  async use<Result>(call: (sandbox: Sandbox) => Promise<Result>): Promise<Result> {
    this.#running += 1;
    try {
      return await call(this.sandbox);
    } finally {
      this.#running -= 1;
      this.#restingSinceMs = performance.now();
    }
  }

  /** It lives no longer than its holder may hold it. */
  holdWhile(mayStay: () => boolean): void {
    this.#mayStay = mayStay;
  }

  /** Whether its time must be over by now. */
  get isOverdue(): boolean {
    if (!this.#mayStay()) return true;
    const { expiresAtMs } = this.sandbox;
    if (expiresAtMs !== null && Date.now() > expiresAtMs + SLACK_MS) return true;
    const restedMs = performance.now() - this.#restingSinceMs;
    return this.#running === 0 && this.#idleTimeoutMs !== undefined && restedMs > this.#idleTimeoutMs + SLACK_MS;
  }

  /** Calls back when it is left. */
  whenLeft(listener: () => void): void {
    if (this.#isLeft) listener();
    else this.#whenLeft.push(listener);
  }

  /** Nobody uses it here any more: it ended, or somebody took it over. */
  leave(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#onLeft();
    for (const listener of this.#whenLeft) listener();
  }

  answer(): SandboxAnswer {
    const { language, expiresAtMs } = this.sandbox;
    return { id: this.id, connection: this.connection, language, expiresAtMs };
  }

  /** @throws SandboxError `SANDBOX_CLOSED` for a holder that is no longer the holder. */
  checkHolder(connection: string | undefined): void {
    if (connection === undefined || connection === this.connection) return;
    throw new SandboxError('SANDBOX_CLOSED', 'Somebody else has taken this sandbox over.', {
      suggestion: 'Connect to it again, which takes it from the other one, or make another.',
    });
  }
}

/** A sandbox may take this long to end after its time. */
const SLACK_MS = 5000;
