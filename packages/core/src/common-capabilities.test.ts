import { expect, test } from 'vitest';
import { commonCapabilities } from './common-capabilities.ts';
import type { ProviderCapabilities } from './provider-capabilities.ts';

const all: ProviderCapabilities = {
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
  maxima: { timeoutMs: 60_000, outputBytes: 1000 },
};

/** Each of these is less than everything. */
const less: readonly Partial<ProviderCapabilities>[] = [
  { languages: ['javascript'] },
  { languages: [] },
  { javascriptRuntime: 'ecmascript' },
  { executionsPerSandbox: 'one' },
  { streamsOutput: false },
  { stdin: false },
  { contexts: false },
  { richResults: false },
  { lifetimes: false },
  { reconnect: false },
  { files: false },
  { artifacts: false },
  { environment: false },
  { cancellation: false },
  { network: [] },
  { limits: { ...all.limits, memory: false } },
  { limits: { ...all.limits, processes: false } },
  { limits: { ...all.limits, disk: false } },
  { limits: { ...all.limits, cpus: false } },
  { limits: { ...all.limits, openFiles: false } },
  { subprocesses: false },
  { maxima: { timeoutMs: 50_000, outputBytes: 1000 } },
  { maxima: { ...all.maxima, processes: 32 } },
];

test.each(less)('of two the one that can do less decides: %o', (lacking) => {
  const lesser = { ...all, ...lacking };
  expect(commonCapabilities(all, lesser)).toEqual(lesser);
  expect(commonCapabilities(lesser, all)).toEqual(lesser);
  expect(commonCapabilities(lesser, lesser)).toEqual(lesser);
});

test('what each of two lacks, both lack, and neither is changed', () => {
  const one = { ...all, stdin: false, maxima: { timeoutMs: 10, processes: 9 } };
  const other = { ...all, files: false, maxima: { timeoutMs: 20, cpus: 2 } };
  const kept = structuredClone([one, other]);
  expect(commonCapabilities(one, other)).toEqual({ ...all, stdin: false, files: false, maxima: { timeoutMs: 10, processes: 9, cpus: 2 } });
  expect([one, other]).toEqual(kept);
});
