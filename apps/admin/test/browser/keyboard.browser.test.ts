import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { PAGE_ADDRESSES } from './page-addresses.ts';
import { PASSWORD } from './person.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();
const EMBEDDED = 'WebAssembly, embedded';
/** Every page, the address that leads to one, and one that leads nowhere. */
const ADDRESSES = ['', ...PAGE_ADDRESSES, 'there-is-none'];
/** More than there is on any page. */
const MOST_STOPS = 120;

/** Goes on with the Tab key until something has the focus. */
async function tabTo(page: Page, name: RegExp | string): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.locator(':focus').first().ariaSnapshot();
    const isIt = typeof name === 'string' ? focused.includes(`"${name}"`) : name.test(focused);
    if (isIt) return;
    seen.push(focused.split('\n')[0] ?? '');
  }
  throw new Error(`The Tab key leads to no ${String(name)}, but to:\n${seen.join('\n')}`);
}

test('all of a change can be done with the keyboard alone', { timeout: 300_000 }, async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  const first = await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const olga = await root.invite('operator', 'Olga');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, path: '/admin/sandbox-settings' });
  const { page } = visit;
  await visit.sees(page.getByRole('heading', { name: 'Sign in to Sandport' }));
  await page.keyboard.type(olga.name);
  await tabTo(page, /textbox "Password/);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await visit.sees(page.getByRole('heading', { level: 1, name: 'Providers' }));

  await tabTo(page, 'Skip to the content');
  await page.keyboard.press('Enter');
  await tabTo(page, `Configure ${EMBEDDED}`);
  await page.keyboard.press('Enter');
  await visit.sees(page.getByRole('heading', { level: 1, name: EMBEDDED }));
  await tabTo(page, /textbox "Memory/);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('134217728');
  await tabTo(page, 'Save draft');
  await page.keyboard.press('Enter');
  await visit.sees(page.getByRole('dialog', { name: 'Save as a draft' }));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('By keyboard');
  await tabTo(page, 'Save draft');
  await page.keyboard.press('Enter');
  await visit.seesText(/^Draft \d+ is saved/);
  await tabTo(page, 'Activate');
  await page.keyboard.press('Enter');
  await visit.sees(page.getByRole('dialog', { name: /^Activate version/ }));
  await tabTo(page, 'Activate now');
  await page.keyboard.press('Enter');
  await visit.seesText(/^Version \d+ is in use\.$/);
  const { version } = await root.call('readInstallation');
  expect(version).toBeGreaterThan(first);
});

test('on every page the first stop of the keyboard leads past the navigation', { timeout: 300_000 }, async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: root });
  const { page } = visit;
  for (const address of ADDRESSES) {
    await page.goto(`${admin.address}/admin/${address}`);
    await visit.sees(page.getByRole('heading', { level: 1 }));
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    expect.soft(await skip.and(page.locator(':focus')).count(), `first stop of "${address}"`).toBe(1);
    await expect.poll(async () => (await skip.boundingBox())?.y, { message: `the link is seen on "${address}"` }).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect.soft(await page.locator('#content:focus').count(), `content of "${address}"`).toBe(1);
    await page.keyboard.press('Tab');
    expect.soft(await page.locator('#content :focus').count(), `the stop after it on "${address}" is in the content`).toBe(1);
  }
});

test('a dialog takes the focus, closes with Escape, and gives the focus back', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: root, path: '/admin/sandbox-settings/wasm' });
  const { page } = visit;
  await visit.button('Test connection').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Test of ${EMBEDDED}` });
  await visit.sees(dialog);
  await expect.poll(() => dialog.locator(':focus').count()).toBe(1);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => page.locator(':focus').first().ariaSnapshot()).toContain('Test connection');
});
