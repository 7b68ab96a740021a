import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { PASSWORD } from './person.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();

/** What the files that the app begins with have cost of the network. */
const WIRE_BYTES_OF_APP = `performance.getEntriesByType('resource')
  .filter(({ name }) => /\\/admin\\/assets\\/index-[^/]+\\.js$/.test(name))
  .map(({ transferSize }) => transferSize)`;

/** Addresses of the documents that a page asks for from now on. */
function documentsOf(page: Page): readonly string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) asked.push(new URL(request.url()).pathname);
  });
  return asked;
}

test('whoever asks for a page signs in there, and comes back to it', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  const visit = await Visit.begin(chromium.browser, { address: admin.address, path: '/admin/history?sign-in=refused' });
  const { page } = visit;
  await visit.sees(page.getByRole('alert').getByText('You may not enter this way'));
  await visit.look('sign-in-refused');
  expect(await page.locator(':focus').getAttribute('autocomplete')).toBe('username');
  await visit.button('Sign in').click();
  await visit.seesText('The name is missing.');
  await visit.seesText('The password is missing.');
  await visit.look('sign-in-incomplete');

  await visit.field('Name').fill(`  ${root.name.toUpperCase()} `);
  await visit.field('Password').fill(PASSWORD);
  await visit.button('Show the password').click();
  expect(await visit.field('Password').getAttribute('type')).toBe('text');
  // The files of the app are there before they are needed.
  await page.waitForLoadState('networkidle');
  expect(await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))).toContainEqual(
    expect.stringMatching(/\/admin\/assets\/index-[^/]+\.js$/),
  );
  await visit.button('Sign in').click();
  await visit.sees(page.getByRole('heading', { level: 1, name: 'History' }));
  expect(page.url()).toBe(`${admin.address}/admin/history`);
  expect(await page.evaluate(WIRE_BYTES_OF_APP)).toEqual([0]);

  await visit.goTo('Providers');
  const documents = documentsOf(page);
  await visit.button(`Account of ${root.name}`).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await visit.sees(page.getByRole('heading', { name: 'Sign in to Sandport' }));
  expect(documents).toEqual(['/admin/sandbox-settings']);
  // Nothing of the app is kept to go back to.
  await page.goBack();
  await page.waitForURL('**/admin/history');
  await visit.sees(page.getByRole('heading', { name: 'Sign in to Sandport' }));
});

test('language and theme are those of the app, and what is chosen goes on there', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  const visit = await Visit.begin(chromium.browser, { address: admin.address, options: { locale: 'zh-CN' } });
  const { page } = visit;
  await visit.sees(page.getByRole('heading', { level: 1, name: '登录 Sandport' }));
  await visit.look('sign-in-in-chinese');
  await page.getByLabel('主题').selectOption('dark');
  await page.getByLabel('语言').selectOption('en');
  await visit.sees(page.getByRole('heading', { level: 1, name: 'Sign in to Sandport' }));
  expect(await page.title()).toBe('Sign in to Sandport · Sandport');
  await page.reload();
  expect(await page.getByLabel('Theme').inputValue()).toBe('dark');
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(31, 31, 31)');
  await visit.field('Name').fill(root.name);
  await visit.field('Password').fill(PASSWORD);
  await visit.button('Sign in').click();
  await visit.sees(page.locator('html[lang="en"][data-mantine-color-scheme="dark"]'));
  await visit.sees(visit.button(`Account of ${root.name}`));
});

test('who guesses too often is told how long to wait', async () => {
  const admin = await openAdmin();
  await admin.enter();
  const visit = await Visit.begin(chromium.browser, { address: admin.address });
  const { page } = visit;
  await visit.field('Name').fill('nobody');
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await visit.field('Password').fill(`guess ${attempt}`);
    await visit.button('Sign in').click();
    await visit.sees(page.getByRole('alert').getByText('Name or password is wrong'));
  }
  await visit.button('Sign in').click();
  await visit.sees(page.getByRole('alert').getByText('Too many attempts'));
  await visit.sees(page.getByRole('alert').getByText(/^Try again in /));
  await visit.look('sign-in-too-often');
});

test('a page of another site leads somebody who is signed in to the app, though browsers hold the cookie back at first', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  const visit = await Visit.begin(chromium.browser, { address: admin.address });
  const { page } = visit;
  await page.context().addCookies([{ ...root.cookie, url: admin.address, sameSite: 'Strict' }]);
  await page.goto('data:text/html,');
  const documents = documentsOf(page);
  await page.setContent(`<a href="${admin.address}/admin/history">there</a>`);
  await page.getByRole('link').click();
  await visit.sees(page.getByRole('heading', { level: 1, name: 'History' }));
  expect(documents).toEqual(['/admin/history', '/admin/history']);
});

test('a browser that never shows the session with a document is asked once, and told', async () => {
  const admin = await openAdmin();
  const root = await admin.enter();
  const visit = await Visit.begin(chromium.browser, { address: admin.address });
  const { page } = visit;
  await page.context().addCookies([{ ...root.cookie, url: admin.address }]);
  await page.route(`${admin.address}/admin/**`, async (route) => {
    const { cookie: _held, ...headers } = await route.request().allHeaders();
    await route.fulfill({ response: await route.fetch({ headers: { ...headers, cookie: '' } }) });
  });
  const documents = documentsOf(page);
  await page.goto(`${admin.address}/admin/`);
  await visit.sees(page.getByRole('alert').getByText('You are signed in, but the page was not given to you'));
  await page.waitForLoadState('networkidle');
  expect(documents).toEqual(['/admin/', '/admin/']);
});
