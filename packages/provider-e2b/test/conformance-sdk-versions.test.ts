import { describe } from 'vitest';
import { describeSdkConformance } from './describe-fake-conformance.ts';
import { SDK_VERSIONS } from './sdk-versions.ts';

// The ends of the range run the whole suite. These go against a service that speaks the dialect they would not.
describe.each(['2.46', '2.50'] as const)('SDK %s', (version) => {
  describeSdkConformance('provider-e2b by commands', { way: 'commands', dialect: 'v2', sdk: SDK_VERSIONS[version] });
});
