import { expect, test } from 'vitest';
import { EXECUTION_STATUSES } from './execution-result.ts';

test('no status is listed twice, and each is kebab-case', () => {
  expect(new Set(EXECUTION_STATUSES).size).toBe(EXECUTION_STATUSES.length);
  for (const status of EXECUTION_STATUSES) expect(status).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
