import type { Passport } from '@sandport/core';
import { expect, test } from 'vitest';
import { describeFailures, describePassport } from './describe-passport.ts';

const PASSED: Passport = {
  formatVersion: 1,
  providerId: 'docker',
  configDigest: 'a'.repeat(64),
  madeAtMs: 0,
  durationMs: 12_000,
  passed: true,
  isolation: { kind: 'gvisor', measuredBy: 'guest-kernel-log' },
  languages: ['python', 'javascript'],
  network: ['none'],
  limits: [
    { limit: 'time', value: 1500, held: true, status: 'timed-out' },
    { limit: 'memory', value: 64 * 1024 ** 2, held: true, status: 'out-of-memory' },
    { limit: 'processes', value: 16, held: true, status: null },
  ],
  latency: { count: 10, p50Ms: 35.4, p95Ms: 60, maxMs: 1200 },
  cases: [
    { id: 'a', outcome: 'passed', durationMs: 1 },
    { id: 'b', outcome: 'not-applicable', durationMs: 0 },
  ],
};

const FAILED: Passport = {
  ...PASSED,
  passed: false,
  problem: 'A case failed.',
  isolation: null,
  languages: [],
  latency: null,
  limits: [{ limit: 'output', value: 2048, held: false, status: 'completed' }],
  cases: [
    { id: 'c', outcome: 'failed', message: 'wrong', durationMs: 1 },
    { id: 'd', outcome: 'failed', durationMs: 1 },
  ],
};

test('says what was proven', () => {
  expect(describePassport(PASSED)).toEqual([
    ['isolation', 'gvisor (measured by guest-kernel-log)'],
    ['languages', 'python, javascript'],
    ['network', 'none'],
    ['limits', 'time 1.5 s held, memory 64.0 MiB held, processes 16 held'],
    ['latency', 'p50 35 ms, p95 60 ms, max 1.2 s (10 calls)'],
    ['cases', '1 passed, 1 not applicable'],
  ]);
  expect(describeFailures(PASSED)).toEqual([]);
});

test('says what was not', () => {
  expect(Object.fromEntries(describePassport(FAILED))).toMatchObject({
    isolation: 'not measured',
    languages: 'none',
    limits: 'output 2.0 KiB did NOT hold',
    latency: 'not measured',
    cases: '2 failed',
  });
  expect(describeFailures(FAILED)).toEqual(['A case failed.', 'c: wrong', 'd']);
});

test('a trial that was not passed has a reason, always', () => {
  expect(describeFailures({ ...PASSED, passed: false })).toHaveLength(1);
  const { limits } = FAILED;
  expect(describeFailures({ ...PASSED, passed: false, limits })).toEqual(['limit output 2.0 KiB did NOT hold']);
});
