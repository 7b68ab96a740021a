import { installedSdk } from '../src/sdk/e2b-sdk.ts';
import { QUICK_CASES } from './conformance-groups.ts';
import { describeFakeConformance } from './describe-fake-conformance.ts';

describeFakeConformance('provider-e2b by commands, newest SDK, dialect v2', {
  way: 'commands',
  dialect: 'v2',
  sdk: installedSdk,
  only: QUICK_CASES,
  concurrent: true,
});
