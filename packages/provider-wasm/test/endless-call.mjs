// Runs a program that never ends by itself and prints the ids of all processes that this one has started; the test kills this process.
import { readdirSync, readFileSync } from 'node:fs';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';

const [, , language, code] = process.argv;
const provider = createProvider(wasmProvider, { warmChildren: 1 });
const sandbox = await provider.createSandbox({ language });
const announce = () => {
  const own = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && readFileSync(`/proc/${name}/stat`, 'utf8').includes(` ${process.pid} `),
  );
  process.stdout.write(`${JSON.stringify(own.filter((name) => Number(name) !== process.pid))}\n`);
};
await sandbox.execute({
  language,
  code,
  stdin: new ReadableStream({ pull: () => new Promise(() => undefined) }),
  limits: { timeoutMs: 600_000 },
  onOutput: announce,
});
