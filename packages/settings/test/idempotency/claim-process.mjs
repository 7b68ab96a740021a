// @ts-check
// Another process that claims idempotency keys, with the built package. LOCATION comes with the environment. Usage: node claim-process.mjs COUNT
import { once } from 'node:events';
import { openSettings } from '../../dist/index.js';

const settings = openSettings(process.env['LOCATION'] ?? '', { environment: {} });
await settings.idempotency.find('nothing');
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();

/** @type {number[]} */
const won = [];
for (let index = 0; index < Number(process.argv[2]); index += 1) {
  const claim = { keyDigest: `shared-${index}`, requestDigest: 'request', owner: `process-${process.pid}`, windowMs: 60_000 };
  if ((await settings.idempotency.claim(claim)) === undefined) won.push(index);
}
process.stdout.write(`${JSON.stringify(won)}\n`);
await settings.close();
