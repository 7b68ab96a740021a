import { randomInt } from 'node:crypto';
import { HttpError, sandboxUnknown } from '../service-error.ts';
import { addContext } from './code-context.ts';
import { E2bSandbox, type SandboxPlan } from './e2b-sandbox.ts';
import type { ServiceSettings } from './service-settings.ts';

/** How often overdue sandboxes are looked for beside the requests. */
const SWEEP_MS = 100;

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** An identifier as the service makes them. */
export function makeSandboxId(): string {
  return `i${Array.from({ length: 19 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

/** Every sandbox there is. */
export class SandboxStore {
  readonly #settings: ServiceSettings;
  readonly #sandboxes = new Map<string, E2bSandbox>();
  readonly #sweeper: NodeJS.Timeout;
  readonly #endings = new Set<Promise<void>>();

  constructor(settings: ServiceSettings) {
    this.#settings = settings;
    this.#sweeper = setInterval(() => void this.sweep(), SWEEP_MS);
  }

  all(): E2bSandbox[] {
    return [...this.#sandboxes.values()];
  }

  find(sandboxId: string): E2bSandbox | undefined {
    return this.#sandboxes.get(sandboxId);
  }

  get(sandboxId: string): E2bSandbox {
    const sandbox = this.find(sandboxId);
    if (sandbox === undefined) throw sandboxUnknown(sandboxId);
    return sandbox;
  }

  /** Starts a sandbox. Paused ones do not count as living, as with the service. */
  async create(plan: SandboxPlan): Promise<E2bSandbox> {
    const { maxSandboxes, capacityStatus } = this.#settings;
    if (this.all().filter(({ state }) => state === 'running').length >= maxSandboxes) {
      if (capacityStatus === 429) throw new HttpError(429, `You have reached the maximum number of concurrent sandboxes (${maxSandboxes})`);
      throw new HttpError(503, 'There is no room for a sandbox', { error_code: 'sandbox_capacity_unavailable' });
    }
    const sandbox = new E2bSandbox(plan, this.#settings);
    this.#sandboxes.set(sandbox.id, sandbox);
    try {
      await sandbox.started();
    } catch (error) {
      await this.end(sandbox);
      throw error;
    }
    if (plan.template.hasInterpreter && !sandbox.hasEnded)
      for (const language of ['python', 'javascript'] as const) addContext(sandbox, language, undefined, true);
    return sandbox;
  }

  /** Ends a sandbox. It is unknown from now on, and gone when this resolves. */
  async end(sandbox: E2bSandbox): Promise<void> {
    this.#sandboxes.delete(sandbox.id);
    const ending = sandbox.end();
    this.#endings.add(ending);
    await ending.finally(() => this.#endings.delete(ending));
  }

  /** Ends or pauses a sandbox, as its timeout does. */
  async expire(sandbox: E2bSandbox): Promise<void> {
    if (sandbox.plan.autoPause) sandbox.pause(true);
    else await this.end(sandbox);
  }

  /** Ends or pauses what is overdue. */
  async sweep(): Promise<void> {
    await Promise.all(
      this.all()
        .filter(({ isOverdue }) => isOverdue)
        .map((sandbox) => this.expire(sandbox)),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.all().map((sandbox) => this.end(sandbox)), ...this.#endings]);
  }
}
