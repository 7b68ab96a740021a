import { startFakeAgentRun, startFakeE2b } from '@sandport/fakes';
import { aliyunProvider } from '@sandport/provider-aliyun';
import { e2bProvider } from '@sandport/provider-e2b';
import { onTestFinished, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { configureProvider } from './configure-provider.ts';
import { openAdmin } from './open-admin.ts';

const chromium = useChromium();

const WALK_MS = 600_000;

/** Only root can give programs a user of their own, and only Linux has the filter. */
const PROGRAM_NETWORK = process.getuid?.() === 0 ? 'none' : process.platform === 'linux' ? 'filtered' : 'sandbox';

test('AgentRun, as it is played', { timeout: WALK_MS }, async () => {
  const fake = await startFakeAgentRun();
  onTestFinished(() => fake.close());
  await configureProvider(chromium.browser, await openAdmin(), {
    definition: aliyunProvider,
    name: 'Alibaba Cloud AgentRun Code Interpreter',
    fields: {
      'Access key ID': fake.account.accessKeyId,
      'Account ID': fake.account.accountId,
      Region: fake.region,
      'Endpoint of the control plane': fake.url,
      'Endpoint of the data plane': fake.url,
    },
    secrets: { 'Access key secret': fake.account.accessKeySecret },
  });
});

test('E2B, as it is played', { timeout: WALK_MS }, async () => {
  const fake = await startFakeE2b({ apiKey: 'e2b_key-do-not-show-0815' });
  onTestFinished(() => fake.close());
  await configureProvider(chromium.browser, await openAdmin(), {
    definition: e2bProvider,
    name: 'E2B and compatible services',
    fields: { 'Address of the control plane': fake.url, 'Address of the sandboxes': fake.url },
    choices: { 'Network of programs': PROGRAM_NETWORK },
    secrets: { 'API key': fake.apiKey },
  });
});
