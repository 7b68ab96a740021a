import { describe, expect, test } from 'vitest';
import type { SandboxErrorCode } from './errors/error-codes.ts';
import { SandboxError } from './errors/sandbox-error.ts';
import { parseExecutionRequest, type ExecutionRequestInput } from './execution/execution-request.ts';
import type { ProviderCapabilities } from './provider-capabilities.ts';
import { checkRequestAgainstCapabilities, checkSandboxOptions, sandboxOptionsOf } from './request-check.ts';
import type { CreateSandboxOptions } from './sandbox.ts';

const MEBIBYTE = 1024 * 1024;

const capable: ProviderCapabilities = {
  languages: ['python', 'javascript'],
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
  limits: { memory: true, processes: true, disk: true, cpus: true, openFiles: true },
  subprocesses: true,
  maxima: { timeoutMs: 60_000, memoryBytes: 512 * MEBIBYTE },
};

const bare: ProviderCapabilities = {
  ...capable,
  languages: ['python'],
  files: false,
  environment: false,
  stdin: false,
  lifetimes: false,
  reconnect: false,
  limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false },
};

function outcomeOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    if (SandboxError.isInstance(error)) return `${error.code} ${JSON.stringify(error.details)}`;
    throw error;
  }
  return 'accepted';
}

const refused = (code: SandboxErrorCode, field: string): string => `${code} ${JSON.stringify({ field })}`;

const outcomeOfRequest = (capabilities: ProviderCapabilities, input: Omit<ExecutionRequestInput, 'code'>): string =>
  outcomeOf(() => checkRequestAgainstCapabilities('test', capabilities, parseExecutionRequest({ code: '', ...input })));

const outcomeOfOptions = (capabilities: ProviderCapabilities, options: Partial<CreateSandboxOptions>): string =>
  outcomeOf(() => checkSandboxOptions('test', capabilities, { language: 'python', ...options }));

describe('checkRequestAgainstCapabilities', () => {
  test.each<[Omit<ExecutionRequestInput, 'code'>, string]>([
    [{ language: 'javascript' }, refused('LANGUAGE_UNSUPPORTED', 'language')],
    [{ files: { a: '' } }, refused('CAPABILITY_UNSUPPORTED', 'files')],
    [{ environment: { A: '' } }, refused('CAPABILITY_UNSUPPORTED', 'environment')],
    [{ limits: { memoryBytes: 64 * MEBIBYTE } }, refused('CAPABILITY_UNSUPPORTED', 'limits.memoryBytes')],
    [{ limits: { processes: 8 } }, refused('CAPABILITY_UNSUPPORTED', 'limits.processes')],
    [{ limits: { diskBytes: MEBIBYTE } }, refused('CAPABILITY_UNSUPPORTED', 'limits.diskBytes')],
    [{ limits: { cpus: 0.5 } }, refused('CAPABILITY_UNSUPPORTED', 'limits.cpus')],
    [{ limits: { openFiles: 64 } }, refused('CAPABILITY_UNSUPPORTED', 'limits.openFiles')],
    [{ stdin: 'text' }, refused('CAPABILITY_UNSUPPORTED', 'stdin')],
  ])('lets only a provider that declares it serve %j', (input, refusal) => {
    expect(outcomeOfRequest(capable, input)).toBe('accepted');
    expect(outcomeOfRequest(bare, input)).toBe(refusal);
  });

  test('accepts what asks for nothing special', () => {
    expect(outcomeOfRequest(bare, {})).toBe('accepted');
  });

  test('keeps the provider’s maxima', () => {
    expect(outcomeOfRequest(capable, { limits: { timeoutMs: 60_000, memoryBytes: 512 * MEBIBYTE } })).toBe('accepted');
    expect(outcomeOfRequest(capable, { limits: { timeoutMs: 60_001 } })).toBe(refused('REQUEST_INVALID', 'limits.timeoutMs'));
    expect(outcomeOfRequest(capable, { limits: { memoryBytes: 512 * MEBIBYTE + 1 } })).toBe(
      refused('REQUEST_INVALID', 'limits.memoryBytes'),
    );
  });

  test('names the provider', () => {
    expect(() => checkRequestAgainstCapabilities('docker', bare, parseExecutionRequest({ code: '', language: 'js' }))).toThrow(
      'language: the provider "docker" does not run javascript.',
    );
  });
});

describe('checkSandboxOptions', () => {
  test.each<[Partial<CreateSandboxOptions>, string]>([
    [{}, 'accepted'],
    [{ limits: {}, network: 'none', tenant: 'x' }, 'accepted'],
    [{ limits: { memoryBytes: 1 } }, refused('REQUEST_INVALID', 'limits.memoryBytes')],
    [{ limits: { processes: 8.5 } }, refused('REQUEST_INVALID', 'limits.processes')],
    [{ limits: { diskBytes: Number.NaN } }, refused('REQUEST_INVALID', 'limits.diskBytes')],
    [{ limits: { processes: 1_000_000 } }, refused('REQUEST_INVALID', 'limits.processes')],
    [{ limits: { cpus: 0.25 } }, 'accepted'],
    [{ limits: { cpus: 0 } }, refused('REQUEST_INVALID', 'limits.cpus')],
    [{ idleTimeoutMs: 5000, lifetimeMs: 60_000, reconnectable: true, maxWaitMs: 0 }, 'accepted'],
    [{ lifetimeMs: 1.5 }, refused('REQUEST_INVALID', 'lifetimeMs')],
    [{ idleTimeoutMs: 0 }, refused('REQUEST_INVALID', 'idleTimeoutMs')],
    [{ maxWaitMs: -1 }, refused('REQUEST_INVALID', 'maxWaitMs')],
  ])('answers to %j', (options, outcome) => {
    expect(outcomeOfOptions(capable, options)).toBe(outcome);
  });

  test.each<[Partial<CreateSandboxOptions>, string]>([
    [{ lifetimeMs: 1000 }, 'lifetimeMs'],
    [{ idleTimeoutMs: 1000 }, 'idleTimeoutMs'],
    [{ reconnectable: true }, 'reconnectable'],
  ])('lets only a provider that declares it serve %j', (options, field) => {
    expect(outcomeOfOptions(capable, options)).toBe('accepted');
    expect(outcomeOfOptions(bare, options)).toBe(refused('CAPABILITY_UNSUPPORTED', field));
  });

  test('refuses a network policy that is not declared', () => {
    expect(outcomeOfOptions({ ...capable, network: [] }, {})).toBe(refused('CAPABILITY_UNSUPPORTED', 'network'));
  });
});

test('sandboxOptionsOf takes what belongs to the sandbox', () => {
  const request = parseExecutionRequest({ code: '', language: 'js', tenant: 'a', limits: { timeoutMs: 5, processes: 16 } });
  expect(sandboxOptionsOf(request)).toEqual({ language: 'javascript', limits: { processes: 16 }, network: 'none', tenant: 'a' });
});
