// Runs code in a sandbox whose server for code refuses it, and says on a line which timers are then left; it should end by itself.
import { Sandbox } from '@e2b/code-interpreter';
import { createProvider } from '@sandport/core';
import { e2bProvider } from '@sandport/provider-e2b';

const [whose, options] = [process.argv[2], JSON.parse(process.argv[3] ?? '')];

async function callOfSdk() {
  const sandbox = await Sandbox.create(options);
  await sandbox.runCode('1');
}

async function callOfOurs() {
  const provider = createProvider(e2bProvider, options);
  try {
    await provider.createSandbox({ language: 'python' });
  } finally {
    await provider.close();
  }
}

try {
  await (whose === 'sdk' ? callOfSdk() : callOfOurs());
} catch (error) {
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
  process.stdout.write(`${JSON.stringify({ name: error instanceof Error ? error.name : '', timers })}\n`);
}
