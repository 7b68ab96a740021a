import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { PAGE_ADDRESSES } from './page-addresses.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();

test('every page fits a narrow screen, and its navigation opens and closes', { timeout: 300_000 }, async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const visit = await Visit.begin(chromium.browser, {
    address: admin.address,
    options: { viewport: { width: 360, height: 740 } },
    person: root,
  });
  const { page } = visit;
  for (const address of PAGE_ADDRESSES) {
    await page.goto(`${admin.address}/admin/${address}`);
    await visit.sees(page.getByRole('heading', { level: 1 }));
    await page.waitForLoadState('networkidle');
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect.soft(width, `${address} is wider than the screen`).toBeLessThanOrEqual(360);
    await visit.look(`narrow-${address.replace('/', '-')}`);
  }
  await visit.button('Open the navigation').click();
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Providers' }).click();
  await visit.sees(page.getByRole('heading', { level: 1, name: 'Providers' }));
  await expect.poll(() => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'History' }).isVisible()).toBe(false);
});
