import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { ProviderWalk } from './provider-walk.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();
const EMBEDDED = 'WebAssembly, embedded';
const OLGAS_MEMORY = 134_217_728;
const OMARS_DISK = 33_554_432;

test('of two operators at one provider the second is told what the first did, and loses nothing', { timeout: 300_000 }, async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const olga = await Visit.begin(chromium.browser, { address: admin.address, person: await root.invite('operator', 'Olga') });
  const omar = await Visit.begin(chromium.browser, { address: admin.address, person: await root.invite('operator', 'Omar') });
  const olgasWalk = await ProviderWalk.open(olga, 'wasm', EMBEDDED);
  const omarsWalk = await ProviderWalk.open(omar, 'wasm', EMBEDDED);

  await omarsWalk.fill({ Disk: String(OMARS_DISK) });
  const omarsDraft = await omarsWalk.saveDraft('Omar wants less disk');
  await olgasWalk.fill({ Memory: String(OLGAS_MEMORY) });
  await olgasWalk.activate(await olgasWalk.saveDraft('Olga wants less memory'));

  await omar.button('Activate').click();
  const dialog = omar.page.getByRole('dialog', { name: `Activate version ${omarsDraft}` });
  await omar.sees(dialog.getByText('Another version came into use meanwhile'));
  await omar.sees(dialog.getByText(/of Olga is in use.*Olga wants less memory/));
  await omar.look('conflict');
  await dialog.getByRole('button', { name: /^Take my changes over onto version/ }).click();
  await omar.page.waitForURL((url) => ![null, String(omarsDraft)].includes(url.searchParams.get('draft')));
  const takenOver = Number(new URL(omar.page.url()).searchParams.get('draft'));
  await omarsWalk.activate(takenOver);

  const { stored } = await root.call('describeProvider', { parameters: { provider: 'wasm' } });
  expect(stored?.config).toMatchObject({ memoryBytes: OLGAS_MEMORY, diskBytes: OMARS_DISK });
});
