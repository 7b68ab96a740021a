import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

/** What a browser does of its own accord has no place in a test. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where Debian has it. */
const USUAL_PLACE = '/usr/bin/chromium';

/** Starts the Chromium that the environment names, or that of the distribution. `node tools/browser/main.mjs` gets one and prints its name. */
async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['SANDPORT_CHROMIUM'] ?? USUAL_PLACE, args: QUIET });
}

/** One Chromium for the tests of a file. Called at the top of the file. */
export function useChromium(): { get browser(): Browser } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  return {
    get browser() {
      if (browser === undefined) throw new Error('The browser is there within tests only.');
      return browser;
    },
  };
}
