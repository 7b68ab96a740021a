// @ts-check
/** Imports the package as it is built, and writes the addresses of all modules that were loaded for it as one JSON array. */
import { createRequire, register } from 'node:module';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
register('./tell-loaded.mjs', import.meta.url, { data: { port: port2 }, transferList: [port2] });

await import('../../dist/index.js');

const loaded = new Set();
for (let message = receiveMessageOnPort(port1); message !== undefined; message = receiveMessageOnPort(port1)) loaded.add(message.message);
for (const file of Object.keys(createRequire(import.meta.url).cache)) loaded.add(file);
process.stdout.write(JSON.stringify([...loaded]));
port1.close();
