import { expect, test } from 'vitest';
import { providers } from './index.ts';
import * as listed from './providers.ts';

test('every listed provider is there once, and the one that needs nothing is first', () => {
  expect(providers[0]?.id).toBe('wasm');
  expect(new Set(providers)).toEqual(new Set(Object.values(listed)));
  expect(new Set(providers.map(({ id }) => id)).size).toBe(providers.length);
});
