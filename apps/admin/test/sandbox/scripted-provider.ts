import { setTimeout as delay } from 'node:timers/promises';
import {
  configFields,
  defineProvider,
  healthStatusOf,
  parseExecutionRequest,
  SandboxError,
  Secret,
  type CallOptions,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type HealthCheck,
  type ProviderDefinition,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { z } from 'zod';

/** What befell a provider and its sandboxes, in order. */
export class Journal {
  readonly events: string[] = [];
  /** Requests that were executed. */
  readonly requests: ExecutionRequest[] = [];

  count(event: string): number {
    return this.events.filter((each) => each === event).length;
  }
}

/** What a provider does: `hang` waits until it is withdrawn, `leak` throws its secret, `sick` has a check that failed and says its secret. */
export type Behaviour = 'ok' | 'hang' | 'leak' | 'sick' | 'stuck';

const configSchema = z.strictObject({
  behaviour: z
    .enum(['ok', 'hang', 'leak', 'sick', 'stuck'])
    .default('ok')
    .register(configFields, { label: 'Behaviour', help: 'What it does.' }),
  token: z
    .string()
    .min(4)
    .transform((text) => new Secret(text))
    .optional()
    .register(configFields, { label: 'Token', help: 'A secret.', secret: true }),
  address: z.string().optional().register(configFields, { label: 'Address', help: 'Where it would be.' }),
});

/** A provider that runs nothing and writes down what befalls it. */
export function scriptedProvider(journal: Journal): ProviderDefinition<typeof configSchema> {
  return defineProvider({
    id: 'scripted',
    displayName: 'Scripted',
    description: 'Runs nothing.',
    tags: ['test'],
    languages: ['python', 'javascript'],
    configSchema,
    create: (config) => makeProvider(journal, config),
  });
}

function makeProvider(journal: Journal, { behaviour, token }: z.output<typeof configSchema>): SandboxProvider {
  journal.events.push('make');
  const secret = token?.reveal() ?? 'nothing';
  const close = async (): Promise<void> => {
    journal.events.push('close');
    await Promise.resolve();
  };
  return {
    specificationVersion: 'v1',
    id: 'scripted',
    capabilities: {
      languages: ['python', 'javascript'],
      javascriptRuntime: 'node',
      executionsPerSandbox: 'one',
      streamsOutput: true,
      stdin: true,
      contexts: false,
      richResults: false,
      lifetimes: false,
      reconnect: false,
      files: true,
      artifacts: true,
      environment: true,
      cancellation: true,
      network: ['none'],
      limits: { memory: true, processes: false, disk: false, cpus: true, openFiles: false },
      subprocesses: false,
      maxima: { timeoutMs: 600_000 },
    },
    createSandbox: async (_options, { signal } = {}) => {
      journal.events.push('createSandbox');
      if (behaviour === 'leak')
        throw new SandboxError('PROVIDER_UNAVAILABLE', `It said: ${secret}.`, { suggestion: secret, details: { said: [secret] } });
      if (behaviour === 'stuck') await gone(signal);
      return makeSandbox(journal, behaviour);
    },
    connectSandbox: () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'It cannot.')),
    checkHealth: async ({ signal } = {}) => {
      journal.events.push('checkHealth');
      if (behaviour === 'hang') await gone(signal);
      if (behaviour === 'leak') throw new SandboxError('PROVIDER_UNAVAILABLE', `It said: ${secret}.`);
      const check: HealthCheck =
        behaviour === 'sick'
          ? { name: 'far-side', status: 'failed', message: `It refused ${secret}.`, remedy: `Not ${secret}.` }
          : { name: 'far-side', status: 'ok', message: 'It is there.' };
      return {
        providerId: 'scripted',
        status: healthStatusOf([check]),
        isolation: { kind: 'remote', measuredBy: 'test' },
        checks: [check],
        checkedAt: '2026-01-01T00:00:00.000Z',
        durationMs: 1,
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function makeSandbox(journal: Journal, behaviour: Behaviour): Sandbox {
  const unsupported = (): never => {
    throw new SandboxError('CAPABILITY_UNSUPPORTED', 'It cannot.');
  };
  const destroy = async (): Promise<void> => {
    journal.events.push('destroy');
    await Promise.resolve();
  };
  return {
    id: 's1',
    language: 'python',
    expiresAtMs: null,
    execute: async (input: ExecutionRequestInput | ExecutionRequest, { signal }: CallOptions = {}): Promise<ExecutionResult> => {
      const request = parseExecutionRequest(input);
      journal.events.push('execute');
      journal.requests.push(request);
      await request.onOutput?.({ stream: 'stdout', text: request.code });
      if (behaviour === 'hang') await gone(signal);
      return resultOf(request);
    },
    createContext: () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'It cannot.')),
    context: unsupported,
    writeFile: () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'It cannot.')),
    readFile: () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'It cannot.')),
    readFileStream: unsupported,
    extend: () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'It cannot.')),
    destroy,
    [Symbol.asyncDispose]: destroy,
  };
}

/** Settles when the signal fires, and then as the contract says. */
async function gone(signal: AbortSignal | undefined): Promise<never> {
  await delay(600_000, undefined, { signal, ref: false }).catch(() => undefined);
  throw new SandboxError('CANCELLED', 'It was withdrawn.');
}

function resultOf(request: ExecutionRequest): ExecutionResult {
  return {
    status: 'completed',
    error: null,
    value: null,
    valueJson: 'null',
    stdout: request.code,
    stderr: '',
    truncated: { stdout: false, stderr: false },
    exitCode: 0,
    signal: null,
    artifacts: { files: [], omitted: [], complete: true },
    clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 1, collectMs: 0, totalMs: 1 },
    evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
    isolation: { kind: 'remote', measuredBy: 'test' },
    providerId: 'scripted',
    language: request.language,
  };
}
