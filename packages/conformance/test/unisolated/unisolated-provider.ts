import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkSandboxOptions,
  healthStatusOf,
  SandboxError,
  Secret,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthCheck,
  type HealthReport,
  type ProviderCapabilities,
  type SandboxProvider,
} from '@sandport/core';
import { throwIfCancelled } from '@sandport/provider-kit';
import { HONEST, type Habits } from './habits.ts';
import { NO_ISOLATION } from './program-run.ts';
import { HOST_LANGUAGES, HostRuntimes } from './host-runtimes.ts';
import { UnisolatedSandbox } from './unisolated-sandbox.ts';
import { WorkFolder } from './work-folder.ts';

/** What can be said when making a provider. */
export interface UnisolatedProviderOptions {
  readonly capabilities?: Partial<ProviderCapabilities>;
  readonly habits?: Partial<Habits>;
}

/** A secret of the configuration, to be looked for. */
export const PLANTED_SECRET = 'planted-secret-6f1d';

/**
 * For tests only: runs programs as child processes of the host WITHOUT ANY ISOLATION. It keeps everything of the contract that a child
 * process can keep, so that the cases can be tried, and broken one at a time, without a container engine.
 */
export class UnisolatedProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = 'unisolated';
  readonly capabilities: ProviderCapabilities;
  readonly secret = new Secret(PLANTED_SECRET);
  readonly #habits: Habits;
  readonly #sandboxes = new Set<UnisolatedSandbox>();
  readonly #runtimes = new HostRuntimes();
  #root: Promise<string> | null = null;
  #isClosed = false;

  constructor({ capabilities = {}, habits = {} }: UnisolatedProviderOptions = {}) {
    this.capabilities = { ...CAPABILITIES, ...capabilities };
    this.#habits = { ...HONEST, ...habits };
  }

  async createSandbox(options: CreateSandboxOptions, { signal }: CallOptions = {}): Promise<UnisolatedSandbox> {
    checkSandboxOptions(this.id, this.capabilities, options);
    if (this.#habits.looksAtSignal) throwIfCancelled({ signal, providerId: this.id, operation: 'createSandbox' });
    if (this.#isClosed && !this.#habits.servesWhenClosed) throw new SandboxError('SANDBOX_CLOSED', 'The provider is closed.');
    const folder = new WorkFolder(await this.#newFolder(), this.#habits);
    const sandbox = new UnisolatedSandbox(crypto.randomUUID(), options.language, folder, {
      providerId: this.id,
      capabilities: this.capabilities,
      habits: this.#habits,
      runtimes: this.#runtimes,
      onDestroy: (destroyed) => this.#sandboxes.delete(destroyed),
    });
    this.#sandboxes.add(sandbox);
    return sandbox;
  }

  async checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    const startedAt = performance.now();
    const checks: HealthCheck[] = [];
    for (const language of this.capabilities.languages) {
      await using sandbox = await this.createSandbox({ language }, call);
      const { status } = await sandbox.execute({ code: '', language }, call);
      const message = `An empty ${language} program ${status}.`;
      checks.push(status === 'completed' ? { name: `runtime.${language}`, status: 'ok', message } : failedCheck(language, message));
    }
    const report: HealthReport = {
      providerId: this.id,
      status: healthStatusOf(checks),
      isolation: { kind: NO_ISOLATION.isolation, measuredBy: NO_ISOLATION.measuredBy },
      checks,
      checkedAt: new Date().toISOString(),
      durationMs: performance.now() - startedAt,
    };
    return this.#habits.reportHealth(report, this.secret.reveal());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#sandboxes].map((sandbox) => sandbox.destroy()));
    await this.#runtimes.close();
    if (this.#root !== null) await rm(await this.#root, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** All folders lie below one, so that closing leaves none behind. */
  async #newFolder(): Promise<string> {
    this.#root ??= mkdtemp(join(tmpdir(), 'sandport-unisolated-'));
    const folder = join(await this.#root, this.#habits.workFolder === 'shared' ? 'shared' : crypto.randomUUID());
    await mkdir(folder, { recursive: true });
    return folder;
  }
}

const CAPABILITIES: ProviderCapabilities = {
  languages: HOST_LANGUAGES,
  executionsPerSandbox: 'one',
  streamsOutput: true,
  files: true,
  artifacts: true,
  environment: true,
  cancellation: true,
  network: ['none'],
  limits: { memory: false, processes: false, disk: false },
  subprocesses: true,
  maxima: { timeoutMs: 60_000 },
};

function failedCheck(language: string, message: string): HealthCheck {
  return { name: `runtime.${language}`, status: 'failed', message, remedy: `Install ${language} on this host.` };
}
