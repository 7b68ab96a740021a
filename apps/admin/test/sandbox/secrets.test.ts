import { describeConfig, type JsonObject } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { ALL_PROVIDERS, BEN, openSandbox, type SandboxUnderTest } from './sandbox-under-test.ts';

/** What every planted secret has in it. */
const PLANTED = 'planted-5e1f';

/** Refused at once: nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

const PEM = (kind: string): string => `-----BEGIN ${kind}-----\n${PLANTED}\n-----END ${kind}-----`;

/** A configuration of each provider that leads nowhere, and all secrets that it can have. */
const CONFIGURATIONS: Readonly<Record<string, JsonObject>> = {
  wasm: {},
  docker: { dockerHost: 'tcp://127.0.0.1:9', tlsCert: PEM('CERTIFICATE').replace(PLANTED, 'x'), tlsKey: PEM('PRIVATE KEY') },
  aliyun_codeinterpreter: {
    accountId: '1234567890123456',
    accessKeyId: 'LTAI5tExample',
    accessKeySecret: `${PLANTED}-secret`,
    securityToken: `${PLANTED}-token`,
    controlEndpoint: NOWHERE,
    dataEndpoint: NOWHERE,
  },
  e2b: {
    service: 'custom',
    apiKey: `${PLANTED}-key`,
    accessToken: `${PLANTED}-token`,
    apiUrl: NOWHERE,
    sandboxUrl: NOWHERE,
    template: 'base',
    proxy: `http://me:${PLANTED}@127.0.0.1:9`,
  },
  self_managed: {
    endpoint: NOWHERE,
    token: `${PLANTED}-token`,
    maxRetries: 0,
    tlsCert: PEM('CERTIFICATE').replace(PLANTED, 'x'),
    tlsKey: PEM('PRIVATE KEY'),
  },
};

/** Names of the secret fields of a provider. */
function secretsOf(id: string): string[] {
  return ALL_PROVIDERS.filter((each) => each.id === id)
    .flatMap(({ configSchema }) => describeConfig(configSchema))
    .flatMap(({ name, secret }) => (secret ? [name] : []));
}

test('every secret field of every provider is planted', () => {
  for (const { id } of ALL_PROVIDERS) {
    for (const name of secretsOf(id)) expect(`${id} ${name}: ${JSON.stringify(CONFIGURATIONS[id]?.[name])}`).toContain(PLANTED);
  }
});

/** Calls every route that could tell something, whatever it answers. */
async function askEverything(sandbox: SandboxUnderTest, id: string, config: JsonObject): Promise<void> {
  const base = await sandbox.settings.configurations.recordForeignChanges();
  const secrets = secretsOf(id).filter((name) => Object.hasOwn(config, name));
  const plain = Object.fromEntries(Object.entries(config).filter(([name]) => !secrets.includes(name)));
  const draft = { change: { providerType: id, providers: { [id]: { config } } }, reason: 'with secrets', base };
  const { version } = await sandbox.call('createDraft', { body: draft });
  const kept = {
    change: { providerType: id, providers: { [id]: { config: plain, keep: secrets } } },
    reason: 'kept',
    base,
    replaces: version,
  };
  const { version: next } = await sandbox.call('createDraft', { body: kept });
  // Each secret is wrong, and one stands in a field that nobody knows.
  const wrong = { ...config, ...Object.fromEntries(secrets.map((name) => [name, [PLANTED]])), unknown: PLANTED };
  await sandbox.failureOf('createDraft', { body: { change: { providers: { [id]: { config: wrong } } }, reason: 'wrong', base } });
  await sandbox.call('foreseeActivation', { params: { version: next } });
  await sandbox.call('activateVersion', { params: { version: next }, body: { expectedActive: base }, caller: BEN });
  await sandbox.failureOf('activateVersion', { params: { version: next }, body: { expectedActive: base } });
  await sandbox.call('describeProvider', { params: { provider: id } });
  await sandbox.call('describeProvider', { params: { provider: id }, query: { version } });
  await sandbox.call('readVersion', { params: { version } });
  await sandbox.call('compareVersions', { query: { from: version, to: next } });
  await sandbox.call('readInstallation');
  await sandbox.call('readConfig');
  await sandbox.call('writeConfig', { body: { provider_type: id, config: { ...config } } });
  await sandbox.call('writeConfig', { body: { provider_type: id, config: plain } });
  await sandbox.call('listVersions');
  await sandbox.call('listAudit');
}

describe.each(Object.entries(CONFIGURATIONS))('secrets of %s', (id, config) => {
  test('are in no answer, error or audit entry, and in no table in the clear', async () => {
    const sandbox = await openSandbox();
    await askEverything(sandbox, id, config);
    expect(sandbox.seen.filter((text) => text.includes(PLANTED))).toEqual([]);
    const { config: opened } = await sandbox.settings.openConfiguration(id, null);
    expect(opened).toEqual(config);
  });
});

describe.each(Object.entries(CONFIGURATIONS).filter(([id]) => id !== 'wasm'))('secrets of %s', (id, config) => {
  test('are in nothing that is tried with them', { timeout: 120_000 }, async () => {
    const sandbox = await openSandbox();
    await sandbox.call('writeConfig', { body: { provider_type: id, config } });
    const configuration = { providerId: id, version: null };
    await sandbox.follow('tryConfiguration', { body: configuration });
    await sandbox.follow('executeProgram', { body: { code: 'print(1)', language: 'python', configuration } });
    await sandbox.failureOf('testConfig', { body: { provider_type: id, config } });
    await sandbox.call('readHealth');
    await sandbox.call('listPassports', { query: { provider: id } });
    expect(sandbox.seen.filter((text) => text.includes(PLANTED))).toEqual([]);
    expect(sandbox.seen.length).toBeGreaterThan(10);
  });
});
