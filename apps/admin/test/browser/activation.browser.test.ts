import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { openExecutor } from './open-executor.ts';
import { ProviderWalk } from './provider-walk.ts';
import { SteadyCalls } from './steady-calls.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();

const SWITCH_TIMEOUT_MS = 60_000;
const EXECUTOR = 'Executor of your own';

test('a draft is compared and used while an agent calls, and taken back, without a call that fails', { timeout: 300_000 }, async () => {
  const executor = await openExecutor();
  const admin = await openAdmin();
  const root = await admin.enter();
  const selfManaged = { config: { endpoint: executor.address, token: executor.token } };
  const first = await root.activate(
    { providerType: 'wasm', providers: { wasm: { config: {} }, self_managed: selfManaged } },
    'Begin embedded',
  );
  const calls = SteadyCalls.begin(admin.settingsFile);
  await expect.poll(() => calls.lastProvider, { timeout: SWITCH_TIMEOUT_MS }).toBe('wasm');

  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: await root.invite('operator', 'Olga') });
  const { page } = visit;
  const walk = await ProviderWalk.open(visit, 'self_managed', EXECUTOR);
  await visit.sees(page.getByRole('group', { name: 'Token' }).getByText('Stored, never shown'));
  await walk.fill({ Repetitions: '1' });
  await visit.button('Save draft').click();
  const draft = await walk.confirmDraft('The agents get a machine of their own', { makesActive: true });

  await visit.button('Compare').click();
  const comparison = page.getByRole('dialog', { name: 'What differs from the version in use' });
  await visit.sees(comparison.getByRole('row').filter({ hasText: 'Active provider' }).filter({ hasText: 'self_managed' }));
  await visit.look('compare-draft');
  await walk.closeDialog();
  expect(calls.lastProvider).toBe('wasm');

  await visit.button('Activate').click();
  const activation = page.getByRole('dialog', { name: `Activate version ${draft}` });
  await visit.sees(activation.getByText('Calls go from wasm to self_managed.'));
  await visit.look('activation');
  await visit.button('Activate now', activation).click();
  await visit.seesText(`Version ${draft} is in use.`);
  await expect.poll(() => calls.lastProvider, { timeout: SWITCH_TIMEOUT_MS }).toBe('self_managed');

  await visit.goTo('History');
  await visit.look('history');
  await visit.button(`Roll back to version ${first}`).click();
  const goingBack = page.getByRole('dialog', { name: `Go back to version ${first}` });
  await visit.sees(goingBack.getByText('Calls go from self_managed to wasm.'));
  await visit.button('Go back now', goingBack).click();
  await visit.seesText(`Version ${draft + 1} is in use.`);
  await expect.poll(() => calls.lastProvider, { timeout: SWITCH_TIMEOUT_MS }).toBe('wasm');
  expect(await calls.end()).toEqual([]);
  expect(calls.count).toBeGreaterThan(3);
  expect(await page.content()).not.toContain(executor.token);
});
