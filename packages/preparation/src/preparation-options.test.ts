import { CONFORMANCE_CASES } from '@sandport/conformance';
import { SandboxError, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkOptions, type PreparationOptions } from './preparation-options.ts';

const definition: ProviderDefinition = {
  id: 'test',
  displayName: 'Test',
  description: 'For tests.',
  tags: [],
  languages: ['python'],
  configSchema: z.strictObject({}),
  create: (): SandboxProvider => {
    throw new Error('not asked here');
  },
};

const good: PreparationOptions = { definition, config: {}, configDigest: 'f'.repeat(64) };

function fieldRefused(options: object): unknown {
  try {
    checkOptions({ ...good, ...options });
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    expect(error.code).toBe('REQUEST_INVALID');
    const field = error.message.split(':')[0];
    expect([error.details?.['field'], error.suggestion]).toEqual([field, `Correct "${field}" and call again; nothing was tried.`]);
    return field;
  }
  return 'nothing';
}

describe('checkOptions', () => {
  test('completes what is left out', () => {
    const checked = checkOptions(good);
    expect(checked).toMatchObject({ deadlineMs: 180_000, graceMs: 1000, now: Date.now, signal: undefined });
    expect(checked.cases.length).toBeGreaterThan(20);
  });

  test('takes every case, ids and beginnings', () => {
    expect(checkOptions({ ...good, cases: 'all' }).cases).toBe(CONFORMANCE_CASES);
    const ids = checkOptions({ ...good, cases: ['values/false', 'health/report'] }).cases.map(({ id }) => id);
    expect(ids).toEqual(['values/false[python]', 'values/false[javascript]', 'health/report']);
  });

  test.each<[object, string]>([
    [{ definition: undefined }, 'definition'],
    [{ definition: { id: '' } }, 'definition'],
    [{ configDigest: undefined }, 'configDigest'],
    [{ configDigest: 'F'.repeat(64) }, 'configDigest'],
    [{ cases: [] }, 'cases'],
    [{ cases: 'health/' }, 'cases'],
    [{ cases: {} }, 'cases'],
    [{ cases: ['health/', 'helth/'] }, 'cases.1'],
    [{ cases: [''] }, 'cases.0'],
    [{ cases: [7] }, 'cases.0'],
    [{ signal: { aborted: false } }, 'signal'],
    [{ onProgress: 'log' }, 'onProgress'],
    [{ now: 5 }, 'now'],
    [{ deadlineMs: 0 }, 'deadlineMs'],
    [{ deadlineMs: 1.5 }, 'deadlineMs'],
    [{ deadlineMs: 86_400_001 }, 'deadlineMs'],
    [{ deadlineMs: '10' }, 'deadlineMs'],
    [{ graceMs: Number.NaN }, 'graceMs'],
    [{ graceMs: 60_001 }, 'graceMs'],
  ])('refuses %j', (options, field) => {
    expect(fieldRefused(options)).toBe(field);
  });
});
