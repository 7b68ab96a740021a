import { startFakeE2b } from '@sandport/fakes';
import { expect, onTestFinished, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { ProviderWalk } from './provider-walk.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();
const WRONG_KEY = 'e2b_a-key-that-is-wrong-4711';

test('a failed test says what to do, is kept as no proof, and is passed once that is done', { timeout: 600_000 }, async () => {
  const fake = await startFakeE2b();
  onTestFinished(() => fake.close());
  const admin = await openAdmin();
  const root = await admin.enter();
  const programNetwork = process.getuid?.() === 0 ? 'none' : 'filtered';
  const config = { apiUrl: fake.url, sandboxUrl: fake.url, programNetwork, apiKey: WRONG_KEY };
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} }, e2b: { config } } }, 'Begin embedded');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: await root.invite('operator', 'Olga') });
  const { page } = visit;
  const walk = await ProviderWalk.open(visit, 'e2b', 'E2B and compatible services');

  expect(await walk.test()).toBe('failed');
  const failed = page
    .getByRole('dialog')
    .getByRole('button', { name: /failed/ })
    .first();
  await failed.click();
  await visit.sees(page.getByRole('dialog').getByText('What to do'));
  await visit.look('test-failed');
  await walk.closeDialog();
  await page.getByRole('tab', { name: 'Tests' }).click();
  await visit.seesText(/^test failed/);
  await page.getByRole('tab', { name: 'Configuration' }).click();

  await walk.setSecrets({ 'API key': fake.apiKey });
  await visit.button('Test connection').click();
  await visit.seesText('They are saved as a draft first, and the draft is tested.');
  await walk.confirmDraft('The key was that of another account');
  expect(await walk.runTest()).toBe('passed');
  await walk.closeDialog();
  await page.getByRole('tab', { name: 'Tests' }).click();
  await visit.look('tests');
  const shown = `${await page.content()}\n${admin.output()}`;
  for (const secret of [WRONG_KEY, fake.apiKey]) expect(shown).not.toContain(secret);
});
