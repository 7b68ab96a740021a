import { expect, test } from 'vitest';
import { describeIssue } from '../errors/describe-issue.ts';
import { passportSchema, type Passport } from './passport.ts';

const passport: Passport = {
  formatVersion: 1,
  providerId: 'wasm',
  configDigest: '0123456789abcdef'.repeat(4),
  madeAtMs: 1_900_000_000_000,
  durationMs: 1234.5,
  passed: false,
  isolation: { kind: 'wasm', measuredBy: 'a probe', hardening: ['user', 'capabilities'] },
  languages: ['python'],
  network: ['none'],
  limits: [
    { limit: 'time', value: 1000, held: true, status: 'timed-out' },
    { limit: 'disk', value: 1024, held: false, status: null },
  ],
  latency: { count: 10, p50Ms: 1.5, p95Ms: 2.5, maxMs: 3 },
  cases: [
    { id: 'values/nan[python]', outcome: 'passed', durationMs: 12 },
    { id: 'limits/memory[python]', outcome: 'failed', message: 'status', durationMs: 0 },
  ],
  problem: 'A case failed.',
};

test('a passport comes back from its row as it was', () => {
  expect(passportSchema.parse(JSON.parse(JSON.stringify(passport)))).toEqual(passport);
});

test('a passport may be that of a provider with which nothing could be run', () => {
  const nothing = { ...passport, isolation: null, languages: [], limits: [], latency: null, cases: [] };
  expect(passportSchema.parse(nothing)).toEqual(nothing);
});

test.each<[object, string]>([
  [{ formatVersion: 2 }, 'formatVersion'],
  [{ providerId: '' }, 'providerId'],
  [{ configDigest: 'ABCDEF'.repeat(11).slice(0, 64) }, 'configDigest'],
  [{ configDigest: 'ab' }, 'configDigest'],
  [{ madeAtMs: 1.5 }, 'madeAtMs'],
  [{ madeAtMs: '2026-01-01' }, 'madeAtMs'],
  [{ passed: 'yes' }, 'passed'],
  [{ passed: undefined }, 'passed'],
  [{ isolation: { kind: 'chroot', measuredBy: 'x' } }, 'isolation.kind'],
  [{ isolation: { kind: 'runc' } }, 'isolation.measuredBy'],
  [{ languages: ['ruby'] }, 'languages.0'],
  [{ network: ['all'] }, 'network.0'],
  [{ limits: [{ limit: 'time', value: 1, held: true, status: 'late' }] }, 'limits.0.status'],
  [{ limits: [{ limit: 'time', value: 1, held: true }] }, 'limits.0.status'],
  [{ latency: { count: 0, p50Ms: 1, p95Ms: 1, maxMs: 1 } }, 'latency.count'],
  [{ cases: [{ id: 'x', outcome: 'skipped', durationMs: 1 }] }, 'cases.0.outcome'],
  [{ trust: 'me' }, 'trust'],
])('what is no passport is refused with the field: %j', (change, field) => {
  const parsed = passportSchema.safeParse({ ...passport, ...change });
  expect(parsed.error && describeIssue(parsed.error, 'passport').field).toBe(field);
});
