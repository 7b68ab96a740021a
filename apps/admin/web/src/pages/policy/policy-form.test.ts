import { expect, test } from 'vitest';
import { badNumbers, EMPTY_POLICY, withLimit, withMember } from './policy-form.ts';

test('members and limits come and go', () => {
  const strict = withLimit(withMember(EMPTY_POLICY, 'minimumIsolation', 'gvisor'), 'cpus', 2);
  expect(strict).toEqual({ trustRemoteIsolation: false, allowNetwork: false, minimumIsolation: 'gvisor', maxima: { cpus: 2 } });
  expect(withLimit(withMember(strict, 'minimumIsolation', undefined), 'cpus', undefined)).toEqual(EMPTY_POLICY);
});

test('numbers must be positive', () => {
  expect(badNumbers({ ...EMPTY_POLICY, maxPassportAgeHours: 0, maxima: { cpus: -1, openFiles: 5, timeoutMs: Number.NaN } })).toEqual([
    'cpus',
    'timeoutMs',
    'maxPassportAgeHours',
  ]);
});
