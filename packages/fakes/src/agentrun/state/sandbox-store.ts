import { randomInt } from 'node:crypto';
import { serviceError } from '../service-error.ts';
import { FakeSandbox, sandboxNotFound, type SandboxPlan } from './fake-sandbox.ts';
import type { ServiceSettings } from './service-settings.ts';

/** How often overdue sandboxes are looked for beside the requests. */
const SWEEP_MS = 100;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** An identifier as the service makes them: a ULID. */
export function makeUlid(nowMs: number): string {
  let time = Math.floor(nowMs);
  let text = '';
  for (let index = 0; index < 10; index += 1) {
    text = `${ALPHABET[time % 32] ?? ''}${text}`;
    time = Math.floor(time / 32);
  }
  return text + Array.from({ length: 16 }, () => ALPHABET[randomInt(32)]).join('');
}

/** The sandboxes of all accounts. */
export class SandboxStore {
  readonly #settings: ServiceSettings;
  #sandboxes: FakeSandbox[] = [];
  readonly #sweeper: NodeJS.Timeout;

  constructor(settings: ServiceSettings) {
    this.#settings = settings;
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_MS);
  }

  all(): readonly FakeSandbox[] {
    return this.#sandboxes;
  }

  find(accountId: string, sandboxId: string): FakeSandbox | undefined {
    return this.#sandboxes.find(({ plan }) => plan.accountId === accountId && plan.sandboxId === sandboxId);
  }

  get(accountId: string, sandboxId: string): FakeSandbox {
    const sandbox = this.find(accountId, sandboxId);
    if (sandbox === undefined) throw sandboxNotFound();
    return sandbox;
  }

  create(plan: SandboxPlan): FakeSandbox {
    if (this.find(plan.accountId, plan.sandboxId) !== undefined)
      throw serviceError(409, 'ERR_CONFLICT', `sandbox ${plan.sandboxId} already exists`);
    const living = this.#sandboxes.filter((sandbox) => sandbox.plan.accountId === plan.accountId && sandbox.endedAtMs === undefined);
    if (living.length >= this.#settings.limits.maxSandboxes)
      throw serviceError(429, 'ERR_QUOTA_EXCEEDED', 'The account has too many sandboxes');
    const sandbox = new FakeSandbox(plan, this.#settings);
    this.#sandboxes.push(sandbox);
    return sandbox;
  }

  async delete(sandbox: FakeSandbox): Promise<void> {
    await sandbox.delete();
    this.#sandboxes = this.#sandboxes.filter((other) => other !== sandbox);
  }

  /** Ends what is overdue. */
  sweep(): void {
    for (const sandbox of this.#sandboxes) if (sandbox.isOverdue) void sandbox.end();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all(this.#sandboxes.map((sandbox) => sandbox.end()));
  }
}
