// @ts-check
/**
 * Makes calls until its standard input ends, some at a time, and writes one line of JSON for each: when it began, and what came of it.
 * Usage: node calling-process.mjs MARK_FILE NAME, with the settings in SANDPORT_SETTINGS.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createSandboxClient } from '../../../packages/client/dist/index.js';
import * as core from '../../../packages/core/dist/index.js';
import { openSettings } from '../../../packages/settings/dist/index.js';
import { markingProvider } from '../marking-provider.mjs';

const CALLERS = 3;

const [, , markFile = '', name = ''] = process.argv;
const client = createSandboxClient({
  settings: () => openSettings(process.env['SANDPORT_SETTINGS'] ?? ''),
  providers: [markingProvider(core, 'alpha', markFile), markingProvider(core, 'beta', markFile)],
});

let isOver = false;
process.stdin.on('end', () => (isOver = true)).resume();

/** @param {number} caller */
async function makeCalls(caller) {
  for (let index = 0; !isOver; index += 1) {
    const startedAtMs = Date.now();
    const id = `${name}-${caller}-${index}`;
    const outcome = await call(id);
    process.stdout.write(`${JSON.stringify({ id, startedAtMs, ...outcome })}\n`);
    await delay(20 + Math.random() * 120);
  }
}

/** @param {string} id */
async function call(id) {
  try {
    const result = await client.execute({ code: id });
    return { providerId: result.providerId, status: result.status };
  } catch (error) {
    return { error: String(error) };
  }
}

await Promise.all(Array.from({ length: CALLERS }, (_, caller) => makeCalls(caller)));
await client.close();
