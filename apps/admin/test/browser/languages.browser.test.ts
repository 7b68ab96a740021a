import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();

test('the page speaks Chinese to whose browser does, and what its reader chooses stays', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const visit = await Visit.begin(chromium.browser, {
    address: admin.address,
    person: root,
    path: '/admin/sandbox-settings/wasm',
    options: { locale: 'zh-CN' },
  });
  const { page } = visit;
  await visit.sees(page.locator('html[lang^="zh"]'));
  await visit.sees(page.getByRole('heading', { level: 1, name: /[\u4e00-\u9fff]/ }));
  await visit.look('provider-in-chinese');
  for (const address of ['overview', 'sandbox-settings', 'playground', 'compare', 'history', 'audit', 'people', 'policy']) {
    await page.goto(`${admin.address}/admin/${address}`);
    await visit.sees(page.getByRole('heading', { level: 1, name: /[\u4e00-\u9fff]/ }));
    await visit.look(`${address}-in-chinese`);
  }

  await page.locator('header').getByRole('button', { name: '语言' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await visit.sees(page.getByRole('heading', { level: 1, name: 'Policy' }));
  await page.reload();
  await visit.sees(page.getByRole('heading', { level: 1, name: 'Policy' }));
  expect(await page.locator('html').getAttribute('lang')).toMatch(/^en/);
});
