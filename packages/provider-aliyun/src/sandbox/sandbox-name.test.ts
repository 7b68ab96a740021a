import { expect, test } from 'vitest';
import { newSandboxId, parseSandboxId } from './sandbox-name.ts';

const NAME = { owner: { machine: '0123abcd', processId: 4_194_304, startTicks: 987_654_321 }, leaseEndsAtSeconds: 1_800_000_000 };

test('an id says whose it is and until when, and is another each time', () => {
  const sandboxId = newSandboxId(NAME);
  expect(sandboxId).toMatch(/^[a-z0-9-]{1,63}$/);
  expect(parseSandboxId(sandboxId)).toEqual(NAME);
  expect(newSandboxId(NAME)).not.toBe(sandboxId);
});

test.each(['01KEXAMPLEULID', 'sandport-health-check', 'sandport-zz-1-2-3-4', ''])('"%s" is not of ours', (sandboxId) => {
  expect(parseSandboxId(sandboxId)).toBeUndefined();
});
