import { join } from 'node:path';
import type { Kernel, KernelLanguage } from '../../execution/kernel.ts';
import { searchPathOf } from '../../execution/interpreters.ts';
import { SandboxMachine } from '../../execution/sandbox-machine.ts';
import { HOME, SandboxPaths } from '../../execution/sandbox-paths.ts';
import type { TemplateInput } from '../control/template-input.ts';
import type { FakeSandboxStatus } from '../fake-agent-run.ts';
import { serviceError, type ServiceError } from '../service-error.ts';
import type { ServiceSettings } from './service-settings.ts';
import type { CreationCourse, StoredTemplate } from './template-store.ts';

/** An interpreter of a sandbox, as the API names it. */
export interface SandboxContext {
  readonly id: string;
  readonly language: KernelLanguage;
  readonly cwd: string;
  readonly kernel: Kernel;
}

/** A command of a sandbox, as the API names it. */
export interface SandboxCommand {
  readonly processId: number;
  readonly command: string;
  readonly cwd: string;
  readonly createdAtMs: number;
  status: 'running' | 'completed' | 'killed' | 'timeout';
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** What a sandbox is made from. */
export interface SandboxPlan {
  readonly accountId: string;
  readonly sandboxId: string;
  readonly template: StoredTemplate;
  readonly idleTimeoutSeconds: number;
  readonly course: CreationCourse;
}

/** One sandbox: its states, and the machine behind it. */
export class FakeSandbox {
  readonly plan: SandboxPlan;
  readonly createdAtMs: number;
  /** The template as it was then: changing it changes no sandbox. */
  readonly templateInput: TemplateInput;
  readonly contexts = new Map<string, SandboxContext>();
  readonly commands = new Map<number, SandboxCommand>();
  updatedAtMs: number;
  endedAtMs: number | undefined;
  /** Bytes that the API wrote into it. */
  writtenBytes = 0;
  readonly #settings: ServiceSettings;
  readonly #readyAtMs: number;
  readonly #starting: Promise<SandboxMachine>;
  #machine: SandboxMachine | undefined;
  #startFailure: string | undefined;
  #lastUseMs: number;
  #useCount = 0;
  #isPaused = false;
  #isDeleting = false;
  #ending: Promise<void> | undefined;

  constructor(plan: SandboxPlan, settings: ServiceSettings) {
    this.plan = plan;
    this.#settings = settings;
    this.templateInput = plan.template.input;
    this.createdAtMs = settings.now();
    this.updatedAtMs = this.createdAtMs;
    this.#lastUseMs = this.createdAtMs;
    this.#readyAtMs = this.createdAtMs + plan.course.delayMs;
    this.#starting = SandboxMachine.start(settings.host.machineKind, settings.host.interpreters);
    this.#starting.then(
      (machine) => (this.#machine = machine),
      (error: unknown) => (this.#startFailure = String(error)),
    );
  }

  get status(): FakeSandboxStatus {
    if (this.#isDeleting) return 'DELETING';
    if (this.endedAtMs !== undefined) return 'TERMINATED';
    if (this.#startFailure !== undefined) return 'CREATE_FAILED';
    if (this.#machine === undefined || this.#settings.now() < this.#readyAtMs) return 'CREATING';
    if (this.plan.course.failure !== undefined) return 'CREATE_FAILED';
    return this.#isPaused ? 'PAUSED' : 'READY';
  }

  get failure(): string | undefined {
    return this.status === 'CREATE_FAILED' ? (this.#startFailure ?? this.plan.course.failure) : undefined;
  }

  /** Whether its time is over, by the fake's clock. */
  get isOverdue(): boolean {
    if (this.endedAtMs !== undefined) return false;
    const nowMs = this.#settings.now();
    const lifetimeSeconds = Math.min(this.templateInput.sandboxTTLInSeconds, this.#settings.limits.maxLifetimeSeconds);
    const isIdle = this.#useCount === 0 && !this.#isPaused && nowMs - this.#lastUseMs >= this.plan.idleTimeoutSeconds * 1_000;
    return isIdle || nowMs - this.createdAtMs >= lifetimeSeconds * 1_000;
  }

  get homeFolder(): string {
    return this.#machine === undefined ? '' : join(this.#machine.rootFolder, HOME);
  }

  /** The machine behind it; refuses where the sandbox cannot be used now. */
  get machine(): SandboxMachine {
    const { status } = this;
    if (status === 'CREATING') throw serviceError(503, 'SANDBOX_NOT_READY', 'sandbox is still being created');
    if (status === 'PAUSED') throw serviceError(409, 'SANDBOX_PAUSED', 'sandbox is paused');
    if (status !== 'READY' || this.#machine === undefined) throw sandboxNotFound();
    return this.#machine;
  }

  get paths(): SandboxPaths {
    return new SandboxPaths(this.machine.rootFolder);
  }

  /** Resolves when the machine runs, or cannot. */
  async started(): Promise<void> {
    await this.#starting.catch(() => undefined);
  }

  /** Keeps it from being idle for as long as work takes. */
  async use<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#useCount += 1;
    try {
      return await work();
    } finally {
      this.#useCount -= 1;
      this.#lastUseMs = this.#settings.now();
    }
  }

  /** What programs find in their environment. Nothing of the host's is handed on but where programs are found. */
  environment(): Record<string, string> {
    const { kind, rootFolder } = this.machine;
    const isMounted = kind.fileSystem === 'mounted';
    return {
      PATH: searchPathOf(this.machine.interpreters),
      LANG: 'C.UTF-8',
      PYTHONUTF8: '1',
      HOME: isMounted ? HOME : join(rootFolder, HOME),
      TMPDIR: isMounted ? '/tmp' : join(rootFolder, 'tmp'),
      ...this.templateInput.environmentVariables,
    };
  }

  /** The working folder for processes, as the supervisor must be told it. */
  workingFolder(path: string): string {
    return this.machine.kind.fileSystem === 'mounted' ? this.paths.normalize(path) : this.paths.map(path);
  }

  setPaused(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return;
    this.#machine?.setPaused(isPaused);
    this.#isPaused = isPaused;
    this.#lastUseMs = this.updatedAtMs = this.#settings.now();
  }

  /** Ends it with all that it started. It can still be looked up. */
  end(): Promise<void> {
    this.endedAtMs ??= this.updatedAtMs = this.#settings.now();
    this.#ending ??= this.#starting.then(
      (machine) => machine.end(),
      // What never started left nothing.
      () => undefined,
    );
    return this.#ending;
  }

  async delete(): Promise<void> {
    this.#isDeleting = true;
    await this.end();
  }
}

export const sandboxNotFound = (): ServiceError => serviceError(404, 'NOT_FOUND', 'sandbox not found');
