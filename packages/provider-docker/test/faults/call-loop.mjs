// @ts-check
// Runs calls, three at a time and without end, and says what it sees in lines; whoever started it kills it. Usage: call-loop.mjs ISOLATION ID
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { sleeper } from './scenario.mjs';

const AT_A_TIME = 3;

const [, , isolation, id] = process.argv;
const provider = createProvider(dockerProvider, { isolation, warmContainers: 2, maxContainers: 6 });
let calls = 0;

async function loop() {
  for (;;) {
    calls += 1;
    const own = `${id}-${calls}`;
    const sandbox = await provider.createSandbox({ language: 'python' });
    await sandbox.execute({ code: sleeper(own, 0.05), onOutput: ({ text }) => void process.stdout.write(text) });
    process.stdout.write(`settled ${own}\n`);
    await sandbox.destroy();
  }
}

await Promise.all(Array.from({ length: AT_A_TIME }, loop));
