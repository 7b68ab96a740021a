import { describe, expect, test } from 'vitest';
import { describeIssue } from '../errors/describe-issue.ts';
import { SANDBOX_LIMIT_NAMES } from '../execution/execution-limits.ts';
import { ISOLATION_KINDS } from '../isolation.ts';
import { MEASURABLE_ISOLATIONS, sandboxPolicySchema } from './sandbox-policy.ts';

/** `accepted`, or what is wrong with which field. */
function outcomeOf(input: unknown): string {
  const parsed = sandboxPolicySchema.safeParse(input);
  if (parsed.success) return 'accepted';
  const { field, message } = describeIssue(parsed.error, 'policy');
  return `${field}: ${message}`;
}

describe('sandboxPolicySchema', () => {
  test('denies by default what an empty policy does not mention', () => {
    expect(sandboxPolicySchema.parse({})).toEqual({ trustRemoteIsolation: false, allowNetwork: false, maxima: {} });
  });

  test('keeps everything that it knows', () => {
    const policy = {
      minimumIsolation: 'gvisor',
      trustRemoteIsolation: true,
      allowNetwork: true,
      languages: ['python'],
      maxima: {
        timeoutMs: 1,
        outputBytes: 2,
        memoryBytes: 3,
        processes: 4,
        diskBytes: 5,
        cpus: 0.5,
        openFiles: 6,
        lifetimeMs: 7,
      },
      maxPassportAgeHours: 0.5,
    };
    expect(sandboxPolicySchema.parse(policy)).toEqual(policy);
  });

  test('has a maximum for every limit of a sandbox', () => {
    const maxima = Object.fromEntries(SANDBOX_LIMIT_NAMES.map((name) => [name, 1]));
    expect(sandboxPolicySchema.parse({ maxima }).maxima).toEqual(maxima);
  });

  test.each([
    [{ minimumIsolaton: 'gvisor' }, 'minimumIsolaton: is not a known field'],
    [{ maxima: { timeout: 5 } }, 'maxima.timeout: is not a known field'],
    [{ allowDisplays: true }, 'allowDisplays: is not a known field'],
  ])('refuses the unknown member of %j', (input, finding) => {
    expect(outcomeOf(input)).toBe(finding);
  });

  test.each([
    [{ minimumIsolation: 'remote' }, 'minimumIsolation'],
    [{ minimumIsolation: 'strong' }, 'minimumIsolation'],
    [{ trustRemoteIsolation: 'yes' }, 'trustRemoteIsolation'],
    [{ allowNetwork: 1 }, 'allowNetwork'],
    [{ languages: [] }, 'languages'],
    [{ languages: ['python3'] }, 'languages.0'],
    [{ languages: 'python' }, 'languages'],
    [{ maxima: { timeoutMs: 0 } }, 'maxima.timeoutMs'],
    [{ maxima: { cpus: '2' } }, 'maxima.cpus'],
    [{ maxima: [] }, 'maxima'],
    [{ maxPassportAgeHours: -1 }, 'maxPassportAgeHours'],
    [{ maxPassportAgeHours: null }, 'maxPassportAgeHours'],
    [[], 'policy'],
    [null, 'policy'],
    ['{}', 'policy'],
  ])('refuses %j', (input, field) => {
    expect(outcomeOf(input).split(':')[0]).toBe(field);
  });
});

test('every isolation can be demanded but that which a service vouches for', () => {
  expect(new Set<string>([...MEASURABLE_ISOLATIONS, 'remote'])).toEqual(new Set(ISOLATION_KINDS));
});
