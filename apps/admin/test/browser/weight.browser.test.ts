import type { Request } from 'playwright-core';
import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';

const chromium = useChromium();

/** What may go over the wire until somebody who was never here before can begin. */
const MOST_BYTES = 350_000;

/** What the sign-in page itself may weigh, before the app is fetched ahead. */
const MOST_SIGN_IN_BYTES = 12_000;

test('the first view is light, for who signs in and for who is signed in', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  for (const { person, usable } of [
    { person: undefined, usable: 'Sign in to Sandport' },
    { person: root, usable: 'Providers' },
  ]) {
    const context = await chromium.browser.newContext();
    if (person !== undefined) await context.addCookies([{ ...person.cookie, url: admin.address }]);
    const page = await context.newPage();
    const requests: Request[] = [];
    page.on('requestfinished', (request) => requests.push(request));
    await page.goto(`${admin.address}/admin/sandbox-settings`);
    await page.getByRole('heading', { level: 1, name: usable }).waitFor();
    await page.waitForLoadState('networkidle');
    const sizes = await Promise.all(requests.map(async (request) => (await request.sizes()).responseBodySize));
    const [document = 0] = await Promise.all(
      requests.filter((request) => request.isNavigationRequest()).map(async (request) => (await request.sizes()).responseBodySize),
    );
    await context.close();
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    // Whatever is counted wrongly would be next to nothing.
    expect(bytes, usable).toBeGreaterThan(50_000);
    expect(bytes, usable).toBeLessThanOrEqual(MOST_BYTES);
    if (person === undefined) expect(document).toBeLessThanOrEqual(MOST_SIGN_IN_BYTES);
    // Nothing has to be asked for first: what is called then is called by nobody who waits.
    else expect(requests.filter((request) => request.resourceType() === 'fetch')).toEqual([]);
  }
});
