import { parseProviderConfig } from '@sandport/core';
import type { FakeE2b } from '@sandport/fakes';
import { e2bProvider, type E2bProviderConfig } from '../src/index.ts';

/** A configuration that reaches a fake, as an operator would store it. */
export function storedConfig(fake: FakeE2b, changes: object = {}): object {
  return {
    service: 'custom',
    apiKey: fake.apiKey,
    apiUrl: fake.url,
    sandboxUrl: fake.url,
    template: 'code-interpreter-v1',
    // Only root can give programs a user of their own, and only Linux has the filter.
    ...(process.getuid?.() === 0 ? {} : { programNetwork: process.platform === 'linux' ? 'filtered' : 'sandbox' }),
    ...changes,
  };
}

/** The same, checked and completed. */
export function configOf(fake: FakeE2b, changes: object = {}): E2bProviderConfig {
  return parseProviderConfig(e2bProvider, storedConfig(fake, changes));
}
