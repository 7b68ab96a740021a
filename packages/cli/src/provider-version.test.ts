import { providers } from '@sandport/providers';
import { expect, test } from 'vitest';
import { providerVersion } from './provider-version.ts';

test.each(providers.map(({ id }) => id))('the version of %s is that of its package', (id) => {
  expect(providerVersion(id)).toMatch(/^\d+\.\d+\.\d+/);
});

test.each(['', 'fake', 'e2', 'docker2', 'kit', '..'])('there is none of "%s"', (id) => {
  expect(providerVersion(id)).toBeNull();
});
