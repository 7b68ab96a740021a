import { describeSdkConformance } from './describe-fake-conformance.ts';
import { SDK_VERSIONS } from './sdk-versions.ts';

describeSdkConformance('provider-e2b by the code interpreter, dialect v1, SDK 2.50', {
  way: 'code-interpreter',
  dialect: 'v1',
  sdk: SDK_VERSIONS['2.50'],
});
