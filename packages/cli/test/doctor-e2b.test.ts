import type { HealthCheck } from '@sandport/core';
import { cleanE2bSandboxes, e2bProviderConfigSchema } from '@sandport/provider-e2b';
import { expect, test } from 'vitest';
import { createCarryingHome } from './carrying-home.ts';
import { API_KEY, configure, startFake } from './fake-e2b-account.ts';
import { documentOf, type Outcome } from './run-in-process.ts';

const DOCTOR = ['doctor', '--provider', 'e2b', '--json'];

/** What doctor says of the origin of each setting. */
function sourcesOf(outcome: Outcome): Record<string, string> {
  const checks = documentOf(outcome)['checks'] as readonly HealthCheck[];
  const sources = checks.filter(({ name }) => name.startsWith('source.'));
  return Object.fromEntries(sources.map(({ name, message }) => [name.slice('source.'.length), message]));
}

test('doctor says where each value comes from, what the service speaks, and shows no secret', async () => {
  const fake = await startFake({ dialects: ['v1'] });
  const home = await createCarryingHome();
  await configure(home, fake);
  await home.run(['config', 'set', 'e2b', 'template=']);
  const environment = { E2B_ACCESS_TOKEN: 'other-token-4711', E2B_TEMPLATE: 'code-interpreter-v1', E2B_DOMAIN: 'x.example.com' };
  const outcome = await home.run(DOCTOR, { environment });
  expect(sourcesOf(outcome)).toEqual({
    apiKey: 'Set, stored in the settings.',
    accessToken: 'Not set.',
    domain: '"x.example.com", from the variable E2B_DOMAIN.',
    apiUrl: `"${fake.url}", stored in the settings.`,
    sandboxUrl: `"${fake.url}", stored in the settings.`,
    template: '"code-interpreter-v1", from the variable E2B_TEMPLATE.',
  });
  expect(outcome.exitCode).toBe(0);
  expect(outcome.stdout).toContain('The service makes sandboxes in dialect v1; programs go in by commands.');
  expect(outcome.stdout).not.toContain(API_KEY);
  expect(outcome.stdout).not.toContain('other-token-4711');
});

test('doctor names the default of each setting, and what is missing', async () => {
  const home = await createCarryingHome();
  await home.run(['config', 'use', 'e2b', '--no-test']);
  const outcome = await home.run(['doctor', '--json']);
  expect(sourcesOf(outcome)).toMatchObject({
    apiKey: 'Not set.',
    domain: '"e2b.app", the default.',
    apiUrl: '"https://api.e2b.app", which follows from the others.',
    template: '"code-interpreter-v1", the default.',
  });
  expect(outcome.exitCode).toBe(1);
  expect(outcome.stdout).toContain('E2B_API_KEY');
});

test('doctor --clean removes the sandboxes that nobody will end any more, and names them', async () => {
  const fake = await startFake();
  const home = await createCarryingHome();
  await configure(home, fake);
  const clean = [...DOCTOR, '--clean'];
  // One whose time is over, as the marks of a sandbox for others say, and one of somebody else.
  const marks = { sandport: '1', 'sandport-owner': 'ffffffff.1.1', 'sandport-tag': '0'.repeat(24), 'sandport-maker': '0'.repeat(24) };
  const over = { 'sandport-language': 'python', 'sandport-way': 'commands', 'sandport-ends': '1000', 'sandport-key': '0'.repeat(32) };
  const left = await makeSandbox(fake.url, { ...marks, ...over });
  const foreign = await makeSandbox(fake.url, { owner: 'somebody' });
  const cleaned = await home.run(clean);
  expect(documentOf(cleaned)['removed']).toEqual([{ kind: 'sandbox', name: left }]);
  expect(cleaned.stdout).toContain(`Removed what was left behind: sandbox ${left}.`);
  expect(fake.sandboxes().map(({ sandboxId }) => sandboxId)).toEqual([foreign]);
  expect(documentOf(await home.run(clean))['removed']).toEqual([]);
});

test('what cannot be cleaned is told, and the sandboxes that are left are named', async () => {
  const fake = await startFake();
  const home = await createCarryingHome();
  await configure(home, fake);
  fake.removeKey(API_KEY);
  const outcome = await home.run([...DOCTOR, '--clean']);
  expect([outcome.exitCode, documentOf(outcome)['removed']]).toEqual([1, null]);
  const config = e2bProviderConfigSchema.parse({ service: 'custom', apiKey: API_KEY, apiUrl: fake.url, sandboxUrl: fake.url });
  await expect(cleanE2bSandboxes(config)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
});

async function makeSandbox(url: string, metadata: Readonly<Record<string, string>>): Promise<string> {
  const body = JSON.stringify({ templateID: 'base', timeout: 300, metadata });
  const headers = { 'X-API-Key': API_KEY, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v2/sandboxes`, { method: 'POST', headers, body });
  const made = (await answer.json()) as { readonly sandboxID: string };
  return made.sandboxID;
}
