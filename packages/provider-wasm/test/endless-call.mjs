// Runs a program that never ends by itself and prints the ids of all processes that this one has started; the test kills this process.
import { readdirSync, readFileSync } from 'node:fs';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';

const [, , language, code] = process.argv;
const provider = createProvider(wasmProvider, { warmChildren: 1 });
const sandbox = await provider.createSandbox({ language });
await sandbox.execute({
  language,
  code,
  stdin: new ReadableStream({ pull: () => new Promise(() => undefined) }),
  limits: { timeoutMs: 600_000 },
  onOutput: () => void process.stdout.write(`${JSON.stringify(readdirSync('/proc').filter(isOurChild))}\n`),
});

function isOurChild(name) {
  if (!/^\d+$/.test(name)) return false;
  try {
    return new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(readFileSync(`/proc/${name}/status`, 'utf8'));
  } catch (error) {
    // It ended while we looked.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
