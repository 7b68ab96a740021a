// @ts-check
import { expect, test } from 'vitest';
import { inPublishingOrder } from './publishing-order.mjs';

/**
 * @param {string} name
 * @param {object} manifest
 */
const named = (name, manifest = {}) => ({ manifest: { name, version: '1.0.0', ...manifest } });

test('puts each package behind those that it depends on, however it does', () => {
  const packages = [
    named('app', { dependencies: { client: '^1.0.0', other: '^3.0.0' } }),
    named('client', { dependencies: { core: '^1.0.0' } }),
    named('adapter', { peerDependencies: { client: '^1.0.0' }, optionalDependencies: { app: '^1.0.0' } }),
    named('core'),
  ];
  expect(inPublishingOrder(packages).map(({ manifest }) => manifest.name)).toEqual(['core', 'client', 'app', 'adapter']);
});

test('refuses a circle by the names in it', () => {
  const packages = [named('core'), named('a', { dependencies: { b: '1' } }), named('b', { dependencies: { a: '1' } })];
  expect(() => inPublishingOrder(packages)).toThrow('These depend on each other: a, b');
});
