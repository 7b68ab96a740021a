import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();

const SCRIPT = '<script>document.title="taken"</script>';
const IMAGE = '<img src=x onerror="document.title=\'taken\'">';
/** Turns the direction of what follows, so that a name reads as another. */
const TURNED = 'report \u202Egpj.exe';

test('names and reasons with markup and invisible signs are shown as text, wherever they are shown', { timeout: 300_000 }, async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  const operator = await root.invite('operator', IMAGE);
  await operator.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, `${SCRIPT} ${TURNED}`);
  await root.call('createToken', { body: { name: `${IMAGE} token`, role: 'viewer', lifetimeDays: 1 } });
  // The document of this address has the reason in it.
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: root, path: '/admin/sandbox-settings' });
  const { page } = visit;
  await visit.sees(page.getByText(SCRIPT).first());
  expect(await page.title()).not.toContain('taken');
  for (const [name, text] of [
    ['Providers', SCRIPT],
    ['History', SCRIPT],
    ['Audit', IMAGE],
    ['People', IMAGE],
  ] as const) {
    await visit.goTo(name);
    await visit.sees(page.getByText(text).first());
    await page.waitForLoadState('networkidle');
    expect(await page.locator('img[src="x"]').count(), name).toBe(0);
    expect(await page.title(), name).not.toContain('taken');
    await visit.look(`hostile-${name.toLowerCase()}`);
  }
});
