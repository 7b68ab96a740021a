import { describeCarriedConformance } from './describe-fake-conformance.ts';
import { SDK_VERSIONS } from './sdk-versions.ts';

describeCarriedConformance('provider-e2b by commands, dialect v1, SDK 2.20', { way: 'commands', dialect: 'v1', sdk: SDK_VERSIONS['2.20'] });
