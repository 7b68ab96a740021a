// @ts-check
/** `node tools/browser/main.mjs`: makes sure of a Chromium for the tests, and prints how they are told of it. */
import { messageOf } from '../engine/errors.mjs';
import { withInterruption } from '../setup/interruption.mjs';
import { ensureBrowser, environmentFor } from './index.mjs';

/** @param {string} line */
const log = (line) => void process.stderr.write(`browser: ${line}\n`);

process.exitCode = await withInterruption(async (signal) => {
  try {
    const browser = await ensureBrowser({ log, signal });
    for (const [name, value] of Object.entries(environmentFor(browser))) process.stdout.write(`export ${name}='${value}'\n`);
    return 0;
  } catch (error) {
    log(messageOf(error));
    return 1;
  }
});
