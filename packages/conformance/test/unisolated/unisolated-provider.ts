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
import { HostSandbox } from './host-sandbox.ts';
import { NO_ISOLATION } from './program-run.ts';
import { HOST_LANGUAGES, HostRuntimes } from './host-runtimes.ts';
import { LIVING_SANDBOXES } from './living-sandboxes.ts';
import { UnisolatedSandbox } from './unisolated-sandbox.ts';
import { WorkFolder } from './work-folder.ts';

/** What can be said when making a provider. */
export interface UnisolatedProviderOptions {
  readonly capabilities?: Partial<ProviderCapabilities>;
  readonly habits?: Partial<Habits>;
  /** Hears of every sandbox that is made, so that a test can end what a lie leaves behind. */
  readonly onSandbox?: (sandbox: HostSandbox) => void;
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
  readonly #sandboxes = new Map<HostSandbox, symbol>();
  readonly #runtimes = new HostRuntimes();
  readonly #onSandbox: UnisolatedProviderOptions['onSandbox'];
  #root: Promise<string> | null = null;
  #isClosed = false;

  constructor({ capabilities = {}, habits = {}, onSandbox }: UnisolatedProviderOptions = {}) {
    this.#onSandbox = onSandbox;
    this.capabilities = { ...CAPABILITIES, ...capabilities };
    this.#habits = { ...HONEST, ...habits };
  }

  askCapabilities(): Promise<ProviderCapabilities> {
    return Promise.resolve(this.#habits.tellCapabilities(this.capabilities));
  }

  async createSandbox(options: CreateSandboxOptions, { signal }: CallOptions = {}): Promise<UnisolatedSandbox> {
    if (this.#habits.looksAtRanges) checkSandboxOptions(this.id, this.capabilities, options);
    this.#expectServing(signal, 'createSandbox');
    const isReconnectable = options.reconnectable ?? false;
    // What outlives this provider cannot depend on what ends with it.
    const runtimes = isReconnectable ? new HostRuntimes() : this.#runtimes;
    const folder = new WorkFolder(isReconnectable ? await newRoot() : await this.#newFolder(), this.#habits);
    const place = new HostSandbox(options.language, folder, {
      providerId: this.id,
      capabilities: this.capabilities,
      habits: this.#habits,
      runtimes,
      openFiles: this.#habits.limitsOpenFiles ? (options.limits?.openFiles ?? null) : null,
      times: { idleTimeoutMs: options.idleTimeoutMs ?? LONGEST_MS, lifetimeMs: options.lifetimeMs ?? LONGEST_MS },
      isReconnectable,
      onEnd: async (ended) => {
        this.#sandboxes.delete(ended);
        LIVING_SANDBOXES.delete(ended.id);
        if (isReconnectable) await runtimes.close();
      },
    });
    this.#onSandbox?.(place);
    return this.#hold(place);
  }

  async connectSandbox(id: string, { signal }: CallOptions = {}): Promise<UnisolatedSandbox> {
    if (!this.capabilities.reconnect) throw new SandboxError('CAPABILITY_UNSUPPORTED', 'Sandboxes here end with their maker.');
    this.#expectServing(signal, 'connectSandbox');
    const { finds, unknownSandbox } = this.#habits.keeping;
    const place = LIVING_SANDBOXES.get(id);
    if (place !== undefined && (place.surroundings.isReconnectable || finds === 'living')) return this.#hold(place);
    const [language = 'javascript'] = this.capabilities.languages;
    if (unknownSandbox === 'made') return this.createSandbox({ language, reconnectable: true });
    throw new SandboxError('SANDBOX_NOT_FOUND', 'No sandbox of this id lives.', { providerId: this.id });
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
    const { closing } = this.#habits.keeping;
    const sandboxes = [...this.#sandboxes];
    this.#sandboxes.clear();
    await Promise.all(
      sandboxes.map(async ([sandbox, holder]) => {
        const isLeft = closing === 'leaves-all' || (closing === 'leaves-reconnectable' && sandbox.surroundings.isReconnectable);
        if (!isLeft) await sandbox.end();
        else if (sandbox.isHeldBy(holder)) await sandbox.takeOver();
      }),
    );
    await this.#runtimes.close();
    if (this.#root !== null) await rm(await this.#root, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #expectServing(signal: AbortSignal | undefined, operation: string): void {
    if (this.#habits.looksAtSignal) throwIfCancelled({ signal, providerId: this.id, operation });
    if (this.#isClosed && !this.#habits.servesWhenClosed) throw new SandboxError('SANDBOX_CLOSED', 'The provider is closed.');
  }

  async #hold(place: HostSandbox): Promise<UnisolatedSandbox> {
    const holder = await place.takeOver();
    this.#sandboxes.set(place, holder);
    LIVING_SANDBOXES.set(place.id, place);
    return new UnisolatedSandbox(place, holder);
  }

  /** All folders but those of reconnectable sandboxes lie below one, so that closing leaves none behind. */
  async #newFolder(): Promise<string> {
    this.#root ??= newRoot();
    const folder = join(await this.#root, this.#habits.workFolder === 'shared' ? 'shared' : crypto.randomUUID());
    await mkdir(folder, { recursive: true });
    return folder;
  }
}

function newRoot(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sandport-unisolated-'));
}

/** Idle time and life of a sandbox for which nobody asked otherwise, and the longest that anybody can ask for. */
const LONGEST_MS = 600_000;

const MEBIBYTE = 1024 * 1024;

const CAPABILITIES: ProviderCapabilities = {
  languages: HOST_LANGUAGES,
  javascriptRuntime: 'node',
  executionsPerSandbox: 'many',
  streamsOutput: true,
  stdin: true,
  contexts: true,
  richResults: true,
  lifetimes: true,
  reconnect: true,
  files: true,
  artifacts: true,
  environment: true,
  cancellation: true,
  network: ['none'],
  limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: true },
  subprocesses: true,
  maxima: {
    timeoutMs: 60_000,
    openFiles: 4096,
    outputBytes: 32 * MEBIBYTE,
    artifactCount: 500,
    artifactTotalBytes: 64 * MEBIBYTE,
    lifetimeMs: LONGEST_MS,
  },
};

function failedCheck(language: string, message: string): HealthCheck {
  return { name: `runtime.${language}`, status: 'failed', message, remedy: `Install ${language} on this host.` };
}
