import { describeSdkConformance } from './describe-fake-conformance.ts';
import { SDK_VERSIONS } from './sdk-versions.ts';

describeSdkConformance('provider-e2b by commands, dialect v2, SDK 2.51', { way: 'commands', dialect: 'v2', sdk: SDK_VERSIONS['2.51'] });
