// @ts-check
/**
 * `npm run page-weight`: what the first view of the admin page transfers, and how long it takes beside an empty page of the same server. Fails when it transfers too much; times are only told.
 */
import { chromium } from 'playwright-core';
import { ensureBrowser } from './browser/index.mjs';
import { openAdmin } from './page-weight/open-admin.mjs';
import { compareTimes } from './page-weight/compare-times.mjs';
import { transfersOf } from './page-weight/measure-view.mjs';
import { describeTransfers, limitBytes, totalBytes } from './page-weight/transfers.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { withProgress, writeLine } from './setup/progress.mjs';

/** @import { View } from './page-weight/measure-view.mjs' */

const runs = 9;
/** A display is not there, and nothing but the page is to be measured. */
const browserArguments = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * @param {AbortSignal} signal
 * @returns {Promise<number>} the exit code
 */
async function weigh(signal) {
  await withProgress('install dependencies', (log) => installDependencies({ log, signal }));
  await withProgress('build', () => buildPackages({ signal, only: ['@sandport/admin', '@sandport/cli'] }));
  const { executable } = await withProgress('browser', (log) => ensureBrowser({ log, signal }));
  // Signals are ours: the server has to be ended, too.
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  const browser = await chromium.launch({ executablePath: executable, args: browserArguments, ...signals });
  const stop = () => void browser.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await weighIn(browser, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await browser.close();
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {AbortSignal} signal
 */
async function weighIn(browser, signal) {
  // Only now does it exist.
  const { openEmptyPage } = await import('./page-weight/open-empty-page.mjs');
  const admin = await openAdmin(signal);
  const emptyServer = await openEmptyPage();
  try {
    const address = `${admin.address}/admin/sandbox-settings`;
    // The document has the button disabled: the script that signs in enables it.
    /** @type {View} */
    const signIn = { name: 'sign-in', address, usable: 'form button[type="submit"]:not(:disabled)' };
    /** @type {View} */
    const providers = { name: 'providers, signed in', address, usable: 'main li a[href*="/sandbox-settings/"]', cookies: [admin.cookie] };
    let isGood = true;
    for (const view of [signIn, providers]) {
      const transfers = await transfersOf(browser, view);
      for (const line of describeTransfers({ view: view.name, transfers })) writeLine(line);
      isGood &&= totalBytes(transfers) <= limitBytes;
    }
    const empty = { name: 'empty', address: `${emptyServer.address}/admin/`, usable: 'main' };
    for (const view of [signIn, providers]) for (const line of await compareTimes({ browser, view, empty, runs })) writeLine(line);
    return isGood ? 0 : 1;
  } finally {
    await emptyServer.close();
    await admin.close();
  }
}

process.exitCode = await withInterruption(weigh);
