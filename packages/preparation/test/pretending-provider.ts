import {
  checkSandboxOptions,
  configFields,
  defineProvider,
  healthStatusOf,
  parseExecutionRequest,
  SandboxError,
  Secret,
  type CallOptions,
  type CreateSandboxOptions,
  type Evidence,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type HealthCheck,
  type HealthReport,
  type MeasuredIsolation,
  type ProviderCapabilities,
  type ProviderDefinition,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { z } from 'zod';
import { LIMIT_TRIALS } from '../src/limit-trials.ts';
import { LANGUAGE_PROGRAMS } from '../src/steps/try-languages.ts';

/** Calls that can be told to fail or never to answer. */
export type PretendedCall = 'create' | 'checkHealth' | 'createSandbox' | 'execute' | 'destroy' | 'close';

/** In which way a provider of these tests differs from a good one. */
export interface Pretence {
  readonly capabilities?: Partial<ProviderCapabilities>;
  /** What it says it can do when it is asked. @default it cannot be asked */
  readonly told?: () => Promise<Partial<ProviderCapabilities>>;
  /** What it calls itself. */
  readonly id?: string;
  readonly checks?: readonly HealthCheck[];
  /** Isolation of the health report. */
  readonly isolation?: MeasuredIsolation | null;
  /** Called first in each call; what it throws is thrown by the call, and what it never settles hangs the call. */
  readonly before?: (call: PretendedCall, secret: string, request?: ExecutionRequest) => Promise<void> | void;
  /** Has the last word on every result. */
  readonly change?: (result: ExecutionResult, request: ExecutionRequest, secret: string) => ExecutionResult;
}

export const PRETENDED_ISOLATION: MeasuredIsolation = { kind: 'runc', measuredBy: 'pretence' };

const CAPABILITIES: ProviderCapabilities = {
  languages: ['python', 'javascript'],
  javascriptRuntime: 'node',
  executionsPerSandbox: 'one',
  streamsOutput: false,
  stdin: false,
  contexts: false,
  richResults: false,
  lifetimes: false,
  reconnect: false,
  files: false,
  artifacts: false,
  environment: false,
  cancellation: false,
  network: ['none'],
  limits: { memory: true, processes: true, disk: true, cpus: false, openFiles: false },
  subprocesses: true,
  maxima: { timeoutMs: 60_000 },
};

const configSchema = z.strictObject({
  label: z.string().default('').register(configFields, { label: 'Label', help: 'Not used.' }),
  apiKey: z
    .string()
    .refine((text) => !text.startsWith('refuse'), { error: ({ input }) => `refuses ${String(input)}` })
    .transform((text) => new Secret(text))
    .default(new Secret(''))
    .register(configFields, { label: 'Key', help: 'Not used.', secret: true }),
});

/** What happened to the providers of a definition. */
export class Journal {
  /** Names of calls, in their order. */
  readonly calls: PretendedCall[] = [];
  /** Providers that were made and not closed. */
  open = 0;
  /** Sandboxes that live in providers that are not closed. */
  sandboxes = 0;
}

/** The definition of providers that run nothing, and give for each program of the tests what a good provider would. */
export function pretendingDefinition(journal: Journal, pretence: Pretence = {}): ProviderDefinition<typeof configSchema> {
  return defineProvider({
    id: 'pretending',
    displayName: 'Pretending',
    description: 'For tests.',
    tags: [],
    languages: ['python', 'javascript'],
    configSchema,
    create: ({ apiKey }) => {
      journal.calls.push('create');
      void pretence.before?.('create', apiKey.reveal());
      return new PretendingProvider(journal, pretence, apiKey);
    },
  });
}

class PretendingProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id: string;
  readonly capabilities: ProviderCapabilities;
  readonly askCapabilities?: () => Promise<ProviderCapabilities>;
  readonly #journal: Journal;
  readonly #pretence: Pretence;
  readonly #secret: Secret;
  #sandboxes = 0;
  #isClosed = false;

  constructor(journal: Journal, pretence: Pretence, secret: Secret) {
    this.id = pretence.id ?? 'pretending';
    this.capabilities = { ...CAPABILITIES, ...pretence.capabilities };
    const { told } = pretence;
    if (told !== undefined) this.askCapabilities = async () => ({ ...this.capabilities, ...(await told()) });
    this.#journal = journal;
    this.#pretence = pretence;
    this.#secret = secret;
    journal.open += 1;
  }

  async createSandbox(options: CreateSandboxOptions, { signal }: CallOptions = {}): Promise<Sandbox> {
    if (signal?.aborted === true) throw new SandboxError('CANCELLED', 'Withdrawn.', { providerId: this.id });
    checkSandboxOptions(this.id, this.capabilities, options);
    await this.#begin('createSandbox');
    this.#count(1);
    let isDestroyed = false;
    const destroy = async () => {
      await this.#begin('destroy');
      if (!isDestroyed) this.#count(-1);
      isDestroyed = true;
    };
    const unsupported = () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'Not here.'));
    return {
      id: 'pretending-1',
      language: options.language,
      expiresAtMs: null,
      execute: (request) => this.#execute(request),
      createContext: unsupported,
      context: () => {
        throw new SandboxError('CAPABILITY_UNSUPPORTED', 'Not here.');
      },
      writeFile: unsupported,
      readFile: unsupported,
      async *readFileStream() {
        yield await unsupported();
      },
      extend: unsupported,
      destroy,
      [Symbol.asyncDispose]: destroy,
    };
  }

  connectSandbox(): Promise<Sandbox> {
    return Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'Not here.'));
  }

  async checkHealth(): Promise<HealthReport> {
    await this.#begin('checkHealth');
    const checks = this.#pretence.checks ?? [{ name: 'pretence', status: 'ok', message: 'It is kept up.' }];
    const isolation = this.#pretence.isolation === undefined ? PRETENDED_ISOLATION : this.#pretence.isolation;
    return { providerId: this.id, status: healthStatusOf(checks), isolation, checks, checkedAt: new Date(0).toISOString(), durationMs: 0 };
  }

  async close(): Promise<void> {
    await this.#begin('close');
    if (this.#isClosed) return;
    this.#count(-this.#sandboxes);
    this.#isClosed = true;
    this.#journal.open -= 1;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #execute(input: ExecutionRequestInput | ExecutionRequest): Promise<ExecutionResult> {
    const request = parseExecutionRequest(input);
    await this.#begin('execute', request);
    const result = resultOf(this.id, request, answerTo(request));
    return this.#pretence.change?.(result, request, this.#secret.reveal()) ?? result;
  }

  async #begin(call: PretendedCall, request?: ExecutionRequest): Promise<void> {
    this.#journal.calls.push(call);
    await this.#pretence.before?.(call, this.#secret.reveal(), request);
  }

  #count(change: number): void {
    if (this.#isClosed) return;
    this.#sandboxes += change;
    this.#journal.sandboxes += change;
  }
}

type Answer = Pick<ExecutionResult, 'status'> & { readonly value?: unknown; readonly evidence?: readonly Evidence[] };

/** The evidence that the limits leave. */
const LIMIT_EVIDENCE: readonly Evidence[] = [
  { kind: 'timer', observer: 'host', limitMs: 1, elapsedMs: 1 },
  { kind: 'out-of-memory', observer: 'host', source: 'wasm-memory-gate', limitBytes: null, kills: null },
  { kind: 'output-limit', observer: 'host', stream: 'stdout', limitBytes: 1 },
];

/** What a good provider would give; programs that are not known complete without a value. */
function answerTo({ code, arguments: given }: ExecutionRequest): Answer {
  if (Object.values(LANGUAGE_PROGRAMS).includes(code)) return { status: 'completed', value: [given['right'], given['left']] };
  const trial = LIMIT_TRIALS.find(({ programs }) => Object.values(programs).includes(code));
  if (trial?.proof === null) return { status: 'completed', value: true };
  if (trial !== undefined)
    return { status: trial.proof.status, evidence: LIMIT_EVIDENCE.filter(({ kind }) => kind === trial.proof?.evidence) };
  return /return False|=> false/.test(code) ? { status: 'completed', value: false } : { status: 'completed' };
}

/** A whole result with an answer in it. */
function resultOf(providerId: string, { language }: ExecutionRequest, { status, value, evidence = [] }: Answer): ExecutionResult {
  const error = status === 'failed' ? { type: 'Error', message: '', traceback: '' } : null;
  return {
    status,
    error,
    ...(value === undefined ? {} : { value, valueJson: JSON.stringify(value) }),
    stdout: '',
    stderr: '',
    truncated: { stdout: false, stderr: false },
    exitCode: 0,
    signal: null,
    artifacts: { files: [], omitted: [], complete: true },
    clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
    evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }, ...evidence],
    isolation: PRETENDED_ISOLATION,
    providerId,
    language,
  } as ExecutionResult;
}
