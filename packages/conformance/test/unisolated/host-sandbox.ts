import { setTimeout as delay } from 'node:timers/promises';
import {
  SandboxError,
  type ExecutionRequest,
  type ExecutionResult,
  type FileContent,
  type Language,
  type ProviderCapabilities,
} from '@sandport/core';
import { throwIfCancelled } from '@sandport/provider-kit';
import { CallQueue } from './call-queue.ts';
import { ContextTable } from './context-table.ts';
import type { Habits } from './habits.ts';
import type { HostRuntimes } from './host-runtimes.ts';
import type { ProgramHandle } from './program-handle.ts';
import { runAndJudge } from './judged-run.ts';
import { ProgramRun, type FinishedRun, type RunningThing } from './program-run.ts';
import { SandboxLife, type LifeTimes } from './sandbox-life.ts';
import type { WorkFolder } from './work-folder.ts';

/** What a sandbox knows of its provider, and what it was made with. */
export interface SandboxSurroundings {
  readonly providerId: string;
  readonly capabilities: ProviderCapabilities;
  readonly habits: Habits;
  readonly runtimes: HostRuntimes;
  readonly openFiles: number | null;
  readonly times: LifeTimes;
  readonly isReconnectable: boolean;
  readonly onEnd: (sandbox: HostSandbox) => Promise<void>;
}

/** A folder of the host, the processes in it and their time. It isolates nothing. Who holds it may change; this stays. */
export class HostSandbox {
  readonly id = crypto.randomUUID();
  readonly language: Language;
  readonly folder: WorkFolder;
  readonly contexts: ContextTable;
  readonly life: SandboxLife | null;
  readonly surroundings: SandboxSurroundings;
  #queue: CallQueue;
  #holder: symbol | null = null;
  #run: RunningThing | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #runsFor: symbol | null = null;
  #isUsed = false;
  #ending: Promise<void> | null = null;
  #environment: Readonly<Record<string, string>> = {};

  constructor(language: Language, folder: WorkFolder, surroundings: SandboxSurroundings) {
    this.language = language;
    this.folder = folder;
    this.surroundings = surroundings;
    const { habits, capabilities, times } = surroundings;
    this.#queue = new CallQueue(habits.keeping);
    this.life = capabilities.lifetimes ? new SandboxLife(times, habits.keeping, () => void this.end()) : null;
    this.contexts = new ContextTable(
      language,
      habits,
      () => this.#startRunner('context'),
      () => void this.end(),
    );
  }

  /** Makes somebody the only one who may use it, and ends what runs for a former holder. */
  async takeOver(): Promise<symbol> {
    const { habits } = this.surroundings;
    const holder = Symbol('holder');
    this.#holder = holder;
    if (habits.keeping.formerHolder !== 'served') this.#queue.close(this.closed());
    this.#queue = new CallQueue(habits.keeping);
    if (habits.keeping.takeOverEndsProgram) this.#run?.endForOther();
    if (!habits.keeping.takesContextsOver) this.contexts.endAll();
    if (habits.keeping.takeOverEndsProgram) await this.#running;
    return holder;
  }

  isHeldBy(holder: symbol): boolean {
    return this.#holder === holder && this.#ending === null;
  }

  get hasEnded(): boolean {
    return this.#ending !== null;
  }

  get isUsedUp(): boolean {
    return this.#isUsed && this.surroundings.capabilities.executionsPerSandbox === 'one';
  }

  /** Carries a call out when those before it are done. */
  async call<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(signal);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Waits for a turn; what it gives ends it. */
  async enter(signal: AbortSignal | undefined): Promise<() => void> {
    const holder = this.#holder;
    const wasEnded = this.hasEnded;
    const { habits } = this.surroundings;
    const leaveQueue = await this.#queue.enter(signal);
    const isTaken = holder !== this.#holder && habits.keeping.formerHolder !== 'served';
    if (isTaken || (this.hasEnded && !(wasEnded && habits.servesWhenClosed))) {
      leaveQueue();
      throw this.closed();
    }
    const rest = this.life?.begin();
    return () => {
      rest?.();
      leaveQueue();
    };
  }

  execute(request: ExecutionRequest, signal: AbortSignal | undefined): Promise<ExecutionResult> {
    this.#isUsed = true;
    return this.call(signal, () => this.#settled(this.#execute(request, signal)));
  }

  executeCell(id: string, request: ExecutionRequest, signal: AbortSignal | undefined): Promise<ExecutionResult> {
    return this.call(signal, () => {
      this.#throwIfCancelled(signal);
      return this.#settled(runAndJudge(this, request, signal, () => this.contexts.startCell(id, request)));
    });
  }

  /** Lets something run to its end, or to the end of the sandbox. */
  async watch(running: RunningThing, startedAt: number, signal: AbortSignal | undefined): Promise<FinishedRun> {
    this.#run = running;
    const { habits } = this.surroundings;
    if (this.#ending !== null && !habits.servesWhenClosed) running.endWithSandbox();
    if (this.#runsFor !== this.#holder && habits.keeping.takeOverEndsProgram) running.endForOther();
    try {
      return await running.finish(startedAt, signal);
    } finally {
      this.#run = null;
    }
  }

  async write(path: string, content: FileContent, signal: AbortSignal | undefined): Promise<void> {
    await this.call(signal, () => this.folder.write(path, content, signal));
  }

  /** Ends it and everything in it. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  closed(): SandboxError {
    return new SandboxError('SANDBOX_CLOSED', `The sandbox ${this.id} is closed.`, { providerId: this.surroundings.providerId });
  }

  async #end(): Promise<void> {
    const { habits } = this.surroundings;
    if (!habits.servesWhenClosed) this.#queue.close(this.closed());
    this.life?.stop();
    this.#run?.endWithSandbox();
    this.contexts.endAll();
    // What does not end in a second has been told to, and is not waited for.
    await Promise.race([this.#running, delay(1000, undefined, { ref: false })]);
    if (habits.workFolder === 'own') await this.folder.remove();
    await this.surroundings.onEnd(this);
  }

  async #execute(given: ExecutionRequest, signal: AbortSignal | undefined): Promise<ExecutionResult> {
    const { habits } = this.surroundings;
    this.#throwIfCancelled(signal);
    if (habits.keeping.files === 'forget') await this.folder.clear();
    this.#environment = habits.keeping.environment === 'own' ? given.environment : { ...this.#environment, ...given.environment };
    const request = { ...given, environment: this.#environment };
    const start = async () => new ProgramRun(request, await this.#startRunner('program'), habits);
    let result = await runAndJudge(this, request, signal, start);
    for (let attempt = 1; attempt < habits.attempts && result.status === 'failed'; attempt += 1) {
      result = await runAndJudge(this, request, signal, start);
    }
    if (habits.contexts.afterPlainRun === 'ended') this.contexts.endAll();
    if (habits.keeping.isSpoiltBy(result.status)) void this.end();
    return result;
  }

  /** The end of the sandbox waits for what runs in it. */
  #settled(run: Promise<ExecutionResult>): Promise<ExecutionResult> {
    this.#runsFor = this.#holder;
    this.#running = Promise.allSettled([run]);
    return run;
  }

  #throwIfCancelled(signal: AbortSignal | undefined): void {
    const { habits, providerId } = this.surroundings;
    if (habits.looksAtSignal) throwIfCancelled({ signal, providerId, operation: 'execute' });
  }

  async #startRunner(runner: 'program' | 'context'): Promise<ProgramHandle> {
    const { habits, runtimes, openFiles } = this.surroundings;
    return runtimes.start(this.language, { folder: this.folder.path, environment: habits.environment(), runner, openFiles });
  }
}
