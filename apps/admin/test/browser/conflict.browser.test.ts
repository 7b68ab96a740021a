import { openSqliteSettings } from '@sandport/settings';
import { expect, onTestFinished, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { ProviderWalk } from './provider-walk.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();
const EMBEDDED = 'WebAssembly, embedded';
const OLGAS_MEMORY = 134_217_728;
const OMARS_DISK = 33_554_432;
const EXECUTOR = 'Executor of your own';
const TOKENS = { begin: 'begin-token-6f1d0c', olga: 'token-of-olga-91ab3e', omar: 'token-of-omar-77c2d4' };

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

test(
  'what was entered and not saved is taken over, field by field, and no secret of somebody else comes back',
  { timeout: 300_000 },
  async () => {
    const admin = await openAdmin();
    const root = await admin.enter();
    const config = { endpoint: 'http://127.0.0.1:9385', token: TOKENS.begin, maxRetries: 1 };
    await root.activate({ providerType: 'self_managed', providers: { self_managed: { config } } }, 'Begin with an executor');
    const olga = await Visit.begin(chromium.browser, { address: admin.address, person: await root.invite('operator', 'Olga') });
    const omar = await Visit.begin(chromium.browser, { address: admin.address, person: await root.invite('operator', 'Omar') });
    const olgasWalk = await ProviderWalk.open(olga, 'self_managed', EXECUTOR);
    const omarsWalk = await ProviderWalk.open(omar, 'self_managed', EXECUTOR);
    const configOf = async (version: number) => (await root.call('readVersion', { parameters: { version } })).providers['self_managed'];

    // Neither has a draft: the input of a form meets a version that came into use meanwhile.
    await omarsWalk.fill({ Repetitions: '5' });
    await olgasWalk.fill({ 'Time for an answer': '20000' });
    await olgasWalk.setSecrets({ Token: TOKENS.olga });
    await olgasWalk.activate(await olgasWalk.saveDraft('Olga waits less'));
    const first = await takeOverWhileSaving(omar, 'Omar asks more often', /of Olga is in use.*Olga waits less/);
    expect(await configOf(first)).toMatchObject({
      config: { endpoint: config.endpoint, maxRetries: 5, requestTimeoutMs: 20_000 },
      secrets: (await root.call('describeProvider', { parameters: { provider: 'self_managed' } })).stored?.secrets,
    });

    // The same with more entered over a draft, which is given up for the one that takes its place.
    await ProviderWalk.open(olga, 'self_managed', EXECUTOR);
    await olgasWalk.fill({ 'Longest run': '30000' });
    await olgasWalk.activate(await olgasWalk.saveDraft('Olga runs shorter'));
    await omarsWalk.fill({ 'Time for an answer': '25000' });
    await omarsWalk.setSecrets({ Token: TOKENS.omar });
    const second = await takeOverWhileSaving(omar, 'Omar has a token of his own', /of Olga is in use.*Olga runs shorter/);
    expect((await root.call('readVersion', { parameters: { version: first } })).record.state).toBe('discarded');
    await omarsWalk.activate(second);

    const { stored } = await root.call('describeProvider', { parameters: { provider: 'self_managed' } });
    expect(stored?.config).toEqual({ endpoint: config.endpoint, maxRetries: 5, requestTimeoutMs: 25_000, timeoutMs: 30_000 });
    const settings = openSqliteSettings({ path: admin.settingsFile });
    onTestFinished(() => settings.close());
    expect((await settings.openConfiguration('self_managed', null)).config).toMatchObject({ token: TOKENS.omar });
    const shown = [
      await omar.page.content(),
      await olga.page.content(),
      admin.output(),
      JSON.stringify(await root.call('listVersions')),
    ].join('\n');
    for (const token of Object.values(TOKENS)) expect(shown).not.toContain(token);
  },
);

/** Saves what was entered, is told of the conflict, and takes it over; gives the number of the draft that came of it. */
async function takeOverWhileSaving(visit: Visit, reason: string, told: RegExp): Promise<number> {
  const before = new URL(visit.page.url()).searchParams.get('draft');
  await visit.button('Save draft').click();
  const dialog = visit.page.getByRole('dialog', { name: 'Save as a draft' });
  await visit.field('Why?', dialog).fill(reason);
  await visit.button('Save draft', dialog).click();
  await visit.sees(dialog.getByText('Another version came into use meanwhile'));
  await visit.sees(dialog.getByText(told));
  await dialog.getByRole('button', { name: /^Take my changes over onto version/ }).click();
  await visit.page.waitForURL((url) => ![null, before].includes(url.searchParams.get('draft')));
  await dialog.waitFor({ state: 'detached' });
  return Number(new URL(visit.page.url()).searchParams.get('draft'));
}
