import { createSandboxClient } from '@sandport/client';
import type { ProviderDefinition } from '@sandport/core';
import { openSqliteSettings } from '@sandport/settings';
import type { Browser } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { OpenAdmin } from './open-admin.ts';
import { ProviderWalk } from './provider-walk.ts';
import { Visit } from './visit.ts';

/** What is entered for a provider. */
export interface Entered {
  readonly definition: ProviderDefinition;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly choices?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Fills in the form, saves, tests, and activates; then an agent's call goes that way, and no secret has come out anywhere. */
export async function configureProvider(
  browser: Browser,
  admin: OpenAdmin,
  { definition, name, fields, choices = {}, secrets = {} }: Entered,
): Promise<Visit> {
  const operator = await (await admin.enter()).invite('operator', 'Olga');
  const visit = await Visit.begin(browser, { address: admin.address, person: operator });
  const walk = await ProviderWalk.open(visit, definition.id, name);
  await walk.fill(fields);
  for (const [label, option] of Object.entries(choices)) await walk.choose(label, option);
  await walk.setSecrets(secrets);
  await visit.look(`form-${definition.id}`);
  const draft = await walk.saveDraft(`Try ${name}`);
  await passTest(visit, walk, definition.id);
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
  return visit;
}

async function passTest(visit: Visit, walk: ProviderWalk, id: string): Promise<void> {
  const outcome = await walk.test();
  expect(outcome, await visit.page.getByRole('dialog').innerText()).toBe('passed');
  await visit.look(`test-passed-${id}`);
  await walk.closeDialog();
}
