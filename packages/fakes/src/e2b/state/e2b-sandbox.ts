import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { searchPathOf } from '../../execution/interpreters.ts';
import { SandboxMachine } from '../../execution/sandbox-machine.ts';
import { HOME, SandboxPaths } from '../../execution/sandbox-paths.ts';
import type { E2bDialect } from '../fake-e2b.ts';
import { sandboxGone } from '../service-error.ts';
import type { CodeContext } from './code-context.ts';
import type { EnvdProcess } from './envd-process.ts';
import type { SandboxTemplate, ServiceSettings } from './service-settings.ts';

/** How long the end of a process can still be asked for. */
const KEPT_END_MS = 30_000;

/** What a sandbox is made from. */
export interface SandboxPlan {
  readonly sandboxId: string;
  readonly template: SandboxTemplate;
  readonly dialect: E2bDialect;
  readonly timeoutSeconds: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly isSecured: boolean;
  readonly autoPause: boolean;
  readonly allowInternetAccess: boolean | undefined;
  readonly network: Readonly<Record<string, unknown>> | undefined;
}

/** One sandbox: its states, and the machine behind it. */
export class E2bSandbox {
  readonly plan: SandboxPlan;
  readonly startedAtMs: number;
  endAtMs: number;
  allowInternetAccess: boolean | undefined;
  network: Readonly<Record<string, unknown>> | undefined;
  /** What the daemon demands; nothing of a sandbox that is not secured. */
  readonly envdAccessToken: string | undefined;
  readonly contexts = new Map<string, CodeContext>();
  readonly #processes = new Map<number, EnvdProcess>();
  /** Bytes that the API wrote into it. */
  writtenBytes = 0;
  readonly #settings: ServiceSettings;
  readonly #starting: Promise<SandboxMachine>;
  readonly #connections = new Set<() => void>();
  #machine: SandboxMachine | undefined;
  #isPaused = false;
  #ending: Promise<void> | undefined;

  constructor(plan: SandboxPlan, settings: ServiceSettings) {
    this.plan = plan;
    this.#settings = settings;
    this.startedAtMs = settings.now();
    this.endAtMs = this.startedAtMs + plan.timeoutSeconds * 1_000;
    this.allowInternetAccess = plan.allowInternetAccess;
    this.network = plan.network;
    this.envdAccessToken = plan.isSecured ? randomBytes(32).toString('hex') : undefined;
    this.#starting = SandboxMachine.start(settings.host.machineKind, settings.host.interpreters);
    this.#starting.then(
      (machine) => (this.#machine = machine),
      // Whoever waits for it is told.
      () => undefined,
    );
  }

  get id(): string {
    return this.plan.sandboxId;
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  get state(): 'running' | 'paused' {
    return this.#isPaused ? 'paused' : 'running';
  }

  get isOverdue(): boolean {
    return !this.hasEnded && !this.#isPaused && this.#settings.now() >= this.endAtMs;
  }

  get homeFolder(): string {
    return this.#machine === undefined ? '' : join(this.#machine.rootFolder, HOME);
  }

  /** The machine behind it. Where it does not run, the proxy finds nothing. */
  get machine(): SandboxMachine {
    if (this.hasEnded || this.#isPaused || this.#machine === undefined) throw sandboxGone(this.id);
    return this.#machine;
  }

  get paths(): SandboxPaths {
    return new SandboxPaths(this.machine.rootFolder);
  }

  /** Resolves when the machine runs; fails when it cannot. */
  async started(): Promise<void> {
    await this.#starting;
  }

  /** What programs find in their environment. Nothing of the host's is handed on but where programs are found. */
  environment(user: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { kind, rootFolder } = this.machine;
    const isMounted = kind.fileSystem === 'mounted';
    return {
      PATH: searchPathOf(this.machine.interpreters),
      LANG: 'C.UTF-8',
      PYTHONUTF8: '1',
      HOME: isMounted ? HOME : join(rootFolder, HOME),
      TMPDIR: isMounted ? '/tmp' : join(rootFolder, 'tmp'),
      USER: user,
      LOGNAME: user,
      E2B_SANDBOX: 'true',
      E2B_SANDBOX_ID: this.id,
      E2B_TEMPLATE_ID: this.plan.template.templateId,
      ...this.plan.variables,
      ...more,
    };
  }

  /** The working folder for processes, as the supervisor must be told it. */
  workingFolder(path: string): string {
    return this.machine.kind.fileSystem === 'mounted' ? this.paths.normalize(path) : this.paths.map(path);
  }

  addProcess(process: EnvdProcess): void {
    this.#processes.set(process.pid, process);
  }

  /** Its processes, also those whose end can still be asked for, oldest first. */
  processes(): EnvdProcess[] {
    for (const [pid, { endedAtMs }] of this.#processes)
      if (endedAtMs !== undefined && performance.now() - endedAtMs > KEPT_END_MS) this.#processes.delete(pid);
    return [...this.#processes.values()];
  }

  /** Has a connection broken when the sandbox ends or pauses. Gives the function that no longer has it. */
  keepConnection(cut: () => void): () => void {
    this.#connections.add(cut);
    return () => void this.#connections.delete(cut);
  }

  /** Stops everything where it is. Without its memory, its programs end. */
  pause(keepsMemory: boolean): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#breakConnections();
    if (keepsMemory) this.#machine?.setPaused(true);
    else this.#machine?.killAll();
  }

  /** Lets everything go on. Without its memory, as after a restart, its programs end. */
  resume(keepsMemory: boolean): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (keepsMemory) this.#machine?.setPaused(false);
    else this.#machine?.killAll();
  }

  /** Ends it with all that it started, and breaks its connections. */
  end(): Promise<void> {
    this.#ending ??= this.#starting.then(
      (machine) => machine.end(),
      // What never started left nothing.
      () => undefined,
    );
    this.#breakConnections();
    return this.#ending;
  }

  #breakConnections(): void {
    for (const cut of this.#connections) cut();
    this.#connections.clear();
  }
}
