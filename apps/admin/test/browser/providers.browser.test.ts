import { startFakeAgentRun, startFakeE2b } from '@sandport/fakes';
import { createSandboxClient } from '@sandport/client';
import type { ProviderDefinition } from '@sandport/core';
import { aliyunProvider } from '@sandport/provider-aliyun';
import { e2bProvider } from '@sandport/provider-e2b';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { wasmProvider } from '@sandport/provider-wasm';
import { openSqliteSettings } from '@sandport/settings';
import { expect, onTestFinished, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin, type OpenAdmin } from './open-admin.ts';
import { openExecutor } from './open-executor.ts';
import { ProviderWalk } from './provider-walk.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();

const WALK_MS = 600_000;

/** Only root can give programs a user of their own, and only Linux has the filter. */
const PROGRAM_NETWORK = process.getuid?.() === 0 ? 'none' : process.platform === 'linux' ? 'filtered' : 'sandbox';

interface Configured {
  readonly definition: ProviderDefinition;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly choices?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Fills in the form, saves, tests, and activates; then an agent's call goes that way, and no secret has come out anywhere. */
async function configure(admin: OpenAdmin, { definition, name, fields, choices = {}, secrets = {} }: Configured): Promise<void> {
  const operator = await (await admin.enter()).invite('operator', 'Olga');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: operator });
  const walk = await ProviderWalk.open(visit, definition.id, name);
  await walk.fill(fields);
  for (const [label, option] of Object.entries(choices)) await walk.choose(label, option);
  await walk.setSecrets(secrets);
  await visit.look(`form-${definition.id}`);
  const draft = await walk.saveDraft(`Try ${name}`);
  expect(await walk.test()).toBe('passed');
  await visit.look(`test-passed-${definition.id}`);
  await walk.closeDialog();
  await walk.activate(draft);

  await visit.goTo('Providers');
  const card = visit.page.getByRole('listitem').filter({ has: visit.page.getByRole('heading', { name }) });
  await visit.sees(card.getByText('active', { exact: true }));
  await visit.sees(card.getByText(/^test passed/));

  const settings = openSqliteSettings({ path: admin.settingsFile });
  onTestFinished(() => settings.close());
  const client = createSandboxClient({ settings, providers: [definition] });
  onTestFinished(() => client.close());
  const result = await client.execute({ code: 'def main(name):\n    return f"Hello {name}!"\n', arguments: { name } });
  expect(result).toMatchObject({ status: 'completed', value: `Hello ${name}!`, providerId: definition.id });
  const shown = [await visit.page.content(), admin.output(), JSON.stringify(await operator.call('listVersions'))].join('\n');
  for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
}

test('the embedded provider', { timeout: WALK_MS }, async () => {
  await configure(await openAdmin(), { definition: wasmProvider, name: 'WebAssembly, embedded', fields: { Memory: '134217728' } });
});

test('AgentRun, as it is played', { timeout: WALK_MS }, async () => {
  const fake = await startFakeAgentRun();
  onTestFinished(() => fake.close());
  await configure(await openAdmin(), {
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
  await configure(await openAdmin(), {
    definition: e2bProvider,
    name: 'E2B and compatible services',
    fields: { 'Address of the control plane': fake.url, 'Address of the sandboxes': fake.url },
    choices: { 'Network of programs': PROGRAM_NETWORK },
    secrets: { 'API key': fake.apiKey },
  });
});

test('an executor of one’s own, with the embedded provider behind it', { timeout: WALK_MS }, async () => {
  const executor = await openExecutor();
  await configure(await openAdmin(), {
    definition: selfManagedProvider,
    name: 'Executor of your own',
    fields: { 'Address of the executor': executor.address },
    secrets: { Token: executor.token },
  });
});
