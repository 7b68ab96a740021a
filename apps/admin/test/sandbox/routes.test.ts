import { API_BASE, ROUTES } from '@sandport/admin-api';
import { expect, test } from 'vitest';
import { createSandboxHandlers } from '../../src/index.ts';
import { openSandbox } from './sandbox-under-test.ts';

test('there is a handler for every route of sandboxes, and for no other', async () => {
  const { service } = await openSandbox();
  const expected = Object.entries(ROUTES).flatMap(([name, { path }]) => (path.startsWith(`${API_BASE}/sandbox/`) ? [name] : []));
  expect(Object.keys(createSandboxHandlers(service)).toSorted()).toEqual(expected.toSorted());
});
