import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkRequestAgainstCapabilities,
  SandboxError,
  type CallOptions,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type Language,
  type ProviderCapabilities,
  type Sandbox,
} from '@sandport/core';
import { throwIfCancelled } from '@sandport/provider-kit';
import { collectArtifacts } from './collect-artifacts.ts';
import type { Habits } from './habits.ts';
import type { HostRuntimes } from './host-runtimes.ts';
import { NO_ISOLATION, ProgramRun } from './program-run.ts';
import type { WorkFolder } from './work-folder.ts';

/** What a sandbox knows of its provider. */
export interface SandboxSurroundings {
  readonly providerId: string;
  readonly capabilities: ProviderCapabilities;
  readonly habits: Habits;
  readonly runtimes: HostRuntimes;
  readonly onDestroy: (sandbox: UnisolatedSandbox) => void;
}

/** A folder of the host and the processes in it. It isolates nothing. */
export class UnisolatedSandbox implements Sandbox {
  readonly id: string;
  readonly language: Language;
  readonly #folder: WorkFolder;
  readonly #surroundings: SandboxSurroundings;
  #run: ProgramRun | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #state: 'new' | 'used' | 'destroyed' = 'new';

  constructor(id: string, language: Language, folder: WorkFolder, surroundings: SandboxSurroundings) {
    this.id = id;
    this.language = language;
    this.#folder = folder;
    this.#surroundings = surroundings;
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, { signal }: CallOptions = {}): Promise<ExecutionResult> {
    const { providerId, capabilities, habits } = this.#surroundings;
    const request = habits.checkRequest(input);
    checkRequestAgainstCapabilities(providerId, capabilities, request);
    if (request.language !== this.language)
      throw this.#error('LANGUAGE_UNSUPPORTED', `language: this sandbox runs ${this.language}.`, 'language');
    if (habits.looksAtSignal) throwIfCancelled({ signal, providerId, operation: 'execute' });
    const isUsedUp = this.#state === 'used' && capabilities.executionsPerSandbox === 'one';
    if ((isUsedUp || this.#state === 'destroyed') && !habits.servesWhenClosed) throw this.#closed();
    this.#state = 'used';
    const call = this.#execute(request, signal);
    this.#running = Promise.allSettled([call]);
    return call;
  }

  async writeFile(path: string, content: Uint8Array | string): Promise<void> {
    this.#expectFiles();
    await this.#folder.write(path, content);
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.#expectFiles();
    return this.#folder.read(path);
  }

  async destroy(): Promise<void> {
    this.#state = 'destroyed';
    this.#run?.kill();
    await this.#running;
    if (this.#surroundings.habits.workFolder === 'own') await this.#folder.remove();
    this.#surroundings.onDestroy(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  async #execute(request: ExecutionRequest, signal: AbortSignal | undefined): Promise<ExecutionResult> {
    const { habits } = this.#surroundings;
    const artifacts = join(this.#folder.path, 'artifacts');
    await mkdir(artifacts, { recursive: true });
    for (const [path, content] of request.files) await this.#folder.write(path, content);
    let result = await this.#runOnce(request, signal, artifacts);
    for (let attempt = 1; attempt < habits.attempts && result.status === 'failed'; attempt += 1) {
      result = await this.#runOnce(request, signal, artifacts);
    }
    return habits.finish(result);
  }

  async #runOnce(request: ExecutionRequest, signal: AbortSignal | undefined, artifactFolder: string): Promise<ExecutionResult> {
    const { providerId, habits, capabilities, runtimes } = this.#surroundings;
    const startedAt = performance.now();
    const place = { folder: this.#folder.path, environment: habits.environment() };
    this.#run = new ProgramRun(request, await runtimes.start(request.language, place), habits);
    if (this.#state === 'destroyed' && !habits.servesWhenClosed) this.#run.kill();
    const { facts, stdout, stderr, truncated, clock } = await this.#run.finish(startedAt, signal);
    const collectedFrom = performance.now();
    const wanted = capabilities.artifacts ? artifactFolder : join(artifactFolder, 'nothing-is-collected');
    const artifacts = await collectArtifacts(wanted, request.limits, habits);
    const endedAt = performance.now();
    return {
      ...habits.decide(facts, { stdout, stderr }),
      stdout,
      stderr,
      truncated,
      exitCode: facts.exit?.exitCode ?? null,
      signal: facts.exit?.signal ?? null,
      artifacts,
      clock: { ...clock, collectMs: endedAt - collectedFrom, totalMs: endedAt - startedAt },
      evidence: habits.evidenceOf(facts),
      isolation: { kind: NO_ISOLATION.isolation, measuredBy: NO_ISOLATION.measuredBy },
      providerId,
      language: this.language,
    };
  }

  #expectFiles(): void {
    if (!this.#surroundings.capabilities.files)
      throw this.#error('CAPABILITY_UNSUPPORTED', 'files: this provider exchanges none.', 'files');
    if (this.#state === 'destroyed' && !this.#surroundings.habits.servesWhenClosed) throw this.#closed();
  }

  #closed(): SandboxError {
    return new SandboxError('SANDBOX_CLOSED', `The sandbox ${this.id} is closed.`, { providerId: this.#surroundings.providerId });
  }

  #error(code: 'LANGUAGE_UNSUPPORTED' | 'CAPABILITY_UNSUPPORTED', message: string, field: string): SandboxError {
    return new SandboxError(code, message, { providerId: this.#surroundings.providerId, details: { field } });
  }
}
