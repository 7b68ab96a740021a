// @ts-check
import { noteWhenUsable } from './note-when-usable.mjs';

/** @import { Browser, BrowserContext, Page } from 'playwright-core' */
/** @import { Transfer } from './transfers.mjs' */

const viewTimeoutMs = 60_000;

/**
 * A view of the app.
 *
 * @typedef {object} View
 * @property {string} name
 * @property {string} address
 * @property {string} usable selector of what a person first does something with: the view is usable in the first frame that shows it
 * @property {{ name: string, value: string, url: string }[]} [cookies] of whoever is signed in
 */

/**
 * What a browser that was never here before gets from the server, up to and with what it goes on to get when the view can be used already.
 *
 * @param {Browser} browser
 * @param {View} view
 * @returns {Promise<Transfer[]>}
 */
export async function transfersOf(browser, view) {
  const context = await openContext(browser, view);
  try {
    const page = await context.newPage();
    /** @type {Promise<Transfer>[]} */
    const transfers = [];
    page.on('requestfinished', (request) => {
      const kind = 'sec-purpose' in request.headers() ? 'ahead' : request.resourceType();
      const transfer = request.sizes().then(({ responseBodySize }) => ({ kind, bytes: responseBodySize }));
      // Looked at below; a page that goes away first is told of there.
      transfer.catch(() => undefined);
      transfers.push(transfer);
    });
    await page.goto(view.address, { timeout: viewTimeoutMs });
    await page.waitForSelector(view.usable, { timeout: viewTimeoutMs });
    await page.waitForLoadState('networkidle', { timeout: viewTimeoutMs });
    return await Promise.all(transfers);
  } finally {
    await context.close();
  }
}

/**
 * How long a browser takes from the click on a link until the view can be used.
 *
 * @param {Browser} browser
 * @param {View} view
 * @param {{ isKnown: boolean }} options whether it was here before, and has kept what may be kept
 * @returns {Promise<number>} milliseconds
 */
export async function timeUntilUsable(browser, view, { isKnown }) {
  const context = await openContext(browser, view);
  try {
    if (isKnown) {
      const former = await context.newPage();
      await former.goto(view.address, { timeout: viewTimeoutMs });
      await former.waitForSelector(view.usable, { timeout: viewTimeoutMs });
      await former.waitForLoadState('networkidle', { timeout: viewTimeoutMs });
      await former.close();
    }
    const page = await context.newPage();
    await page.addInitScript(noteWhenUsable, view.usable);
    await page.goto(view.address, { timeout: viewTimeoutMs, waitUntil: 'commit' });
    return await readUsableAt(page);
  } finally {
    await context.close();
  }
}

/** @param {Browser} browser @param {View} view @returns {Promise<BrowserContext>} */
async function openContext(browser, { cookies = [] }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies(cookies);
  return context;
}

/** @param {Page} page @returns {Promise<number>} */
async function readUsableAt(page) {
  const handle = await page.waitForFunction(() => Reflect.get(globalThis, 'sandportUsableAtMs'), undefined, { timeout: viewTimeoutMs });
  const usableAtMs = await handle.jsonValue();
  if (typeof usableAtMs !== 'number') throw new Error('the page did not say when it became usable');
  return usableAtMs;
}
