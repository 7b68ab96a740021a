import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { PASSWORD } from './person.ts';
import { ProviderWalk } from './provider-walk.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();
const EMBEDDED = 'WebAssembly, embedded';

test('a session that ends while somebody types keeps what was typed, and what was asked for goes on after sign-in', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const olga = await root.invite('operator', 'Olga');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: olga });
  const walk = await ProviderWalk.open(visit, 'wasm', EMBEDDED);
  await walk.fill({ Memory: '134217728' });
  await olga.call('signOut');

  await visit.button('Save draft').click();
  const saving = walk.confirmDraft('Typed before the session ended');
  const again = visit.page.getByRole('dialog', { name: 'Sign in again' });
  await visit.sees(again);
  await visit.look('session-ended');
  await visit.field('Password', again).fill(PASSWORD);
  await visit.button('Sign in', again).click();
  const draft = await saving;
  const stored = await root.call('describeProvider', { parameters: { provider: 'wasm' }, query: `?version=${draft}` });
  expect(stored.stored?.config).toEqual({ memoryBytes: 134_217_728 });
});

test('what was typed and not saved is there again after a reload, and can be dropped', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: root });
  const walk = await ProviderWalk.open(visit, 'wasm', EMBEDDED);
  await walk.fill({ Memory: '134217728' });
  await visit.seesText('1 field changed, not saved');
  await visit.page.reload();
  await visit.seesText(/^What you entered .* is here again\.$/);
  expect(await visit.field('Memory').inputValue()).toContain('134');
  await visit.button('Drop it').click();
  await visit.seesText('Nothing changed');
  await visit.page.reload();
  await visit.seesText('Nothing changed');
});
