import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { openExecutor } from './open-executor.ts';
import { SteadyCalls } from './steady-calls.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();
const REPORT_TIMEOUT_MS = 60_000;
const COMPARISON_MS = 240_000;

test('the overview shows what agents do, as soon as they have done it', { timeout: 300_000 }, async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: root });
  const { page } = visit;
  await visit.goTo('Overview');
  await visit.seesText('No calls yet');
  await visit.look('overview-empty');
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const calls = SteadyCalls.begin(admin.settingsFile);
  const hundred = page.getByText('100 % completed').first();
  await hundred.waitFor({ state: 'visible', timeout: REPORT_TIMEOUT_MS });
  await visit.sees(page.getByRole('heading', { name: 'Calls by status' }));
  await visit.look('overview');
  expect(await calls.end()).toEqual([]);
});

test('one corpus is run on two configurations, and their differences are told by kind', { timeout: 400_000 }, async () => {
  const executor = await openExecutor();
  const admin = await openAdmin();
  const root = await admin.enter();
  const selfManaged = { config: { endpoint: executor.address, token: executor.token } };
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} }, self_managed: selfManaged } }, 'Begin embedded');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: await root.invite('operator', 'Olga') });
  const { page } = visit;
  await visit.goTo('Compare');
  const right = page.getByRole('group', { name: 'Right' });
  await right.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name: /^Executor of your own/ }).click();
  await visit.button('Compare').click();
  await page
    .getByText(/^All \d+ programs compared/)
    .first()
    .waitFor({ state: 'visible', timeout: COMPARISON_MS });
  await visit.look('comparison');
});

test('accounts, tokens, audit and policy', { timeout: 300_000 }, async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  await root.invite('operator', 'Olga');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: root });
  const { page } = visit;
  await visit.goTo('People');
  await visit.button('Invite').click();
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
  await visit.field('Name', dialog).fill('Vera');
  await visit.look('invite');
  await visit.button('Invite', dialog).click();
  const link = await visit.field('Link').inputValue();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/admin\/invitation#\S+$/);
  await visit.button('I have taken it').click();
  await visit.sees(page.getByRole('row').filter({ hasText: 'Vera' }).getByText('Has not used the invitation'));
  await visit.look('people');

  const invited = await Visit.begin(chromium.browser, { address: admin.address });
  await invited.page.goto(link);
  await invited.field('New password').fill('a long enough password');
  await invited.field('New password again').fill('a long enough password');
  await invited.button('Set the password').click();
  await invited.sees(invited.button('Account of Vera'));

  await visit.goTo('Audit');
  await visit.sees(page.getByRole('row').filter({ hasText: 'Invitation taken' }).filter({ hasText: 'Vera' }));
  await visit.look('audit');
  await page.goto(`${admin.address}/admin/policy`);
  await visit.sees(page.getByRole('heading', { level: 1, name: 'Policy' }));
  await visit.look('policy');
  expect(await page.content()).not.toContain(new URL(link).hash);
});
