// @ts-check
/**
 * Says `ready`, makes the same call with each key that it is given on a line of its standard input, and writes one line of JSON for each: what came of it.
 * Usage: node keyed-process.mjs MARK_FILE, with the settings in SANDPORT_SETTINGS.
 */
import { createInterface } from 'node:readline';
import { createSandboxClient } from '../../../packages/client/dist/index.js';
import * as core from '../../../packages/core/dist/index.js';
import { openSettings } from '../../../packages/settings/dist/index.js';
import { markingProvider } from '../marking-provider.mjs';

const [, , markFile = ''] = process.argv;
const client = createSandboxClient({
  settings: () => openSettings(process.env['SANDPORT_SETTINGS'] ?? ''),
  providers: [markingProvider(core, 'alpha', markFile)],
});

// The first call of a client reads the configuration; those that are compared begin at once.
await client.refresh();
process.stdout.write('ready\n');
const calls = [];
for await (const key of createInterface({ input: process.stdin })) calls.push(call(key));
await Promise.all(calls);
await client.close();

/** @param {string} key */
async function call(key) {
  const outcome = await execute(key);
  process.stdout.write(`${JSON.stringify({ key, ...outcome })}\n`);
}

/** @param {string} key */
async function execute(key) {
  try {
    const { status, value, replayed } = await client.execute({ code: key, idempotencyKey: key });
    return { status, value, replayed };
  } catch (error) {
    return { code: core.SandboxError.isInstance(error) ? error.code : String(error) };
  }
}
