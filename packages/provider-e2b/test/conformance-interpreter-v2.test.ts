import { describeWholeConformance } from './describe-fake-conformance.ts';
import { SDK_VERSIONS } from './sdk-versions.ts';

describeWholeConformance('provider-e2b by the code interpreter, dialect v2, SDK 2.51', {
  way: 'code-interpreter',
  dialect: 'v2',
  sdk: SDK_VERSIONS['2.51'],
});
