// @ts-check
import { expect, test } from 'vitest';
import { renderWeights, replaceWeights, statedSizes } from './describe-weight.mjs';

const cold = { packages: 9, files: 1200, bytes: 36_640_000, installMs: 2860 };

test('states what was measured, in the place of what was stated, and reads it again', () => {
  const page = 'Before\n<!-- install-weight -->\nold\n<!-- /install-weight -->\nafter\n';
  const table = renderWeights([{ provider: 'wasm', cold, warm: { ...cold, installMs: 900 } }]);
  const stated = replaceWeights(page, table);
  expect(stated).toContain('| `@sandport/client` and `@sandport/provider-wasm` | 36.6 MB | 9 | 1200 | 2.9 s | 0.9 s |');
  expect(stated.split('\n').at(-2)).toBe('after');
  expect(stated).not.toContain('old');
  expect(statedSizes(stated)).toEqual(new Map([['wasm', 36.6]]));
});

test('refuses a page that has no place for it', () => {
  expect(() => replaceWeights('# Page\n', 'table')).toThrow('no place for the table');
});
