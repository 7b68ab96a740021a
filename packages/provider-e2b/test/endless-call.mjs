// Runs a program that never ends by itself, and says on a line when it has begun; the test kills this process.
import { createProvider } from '@sandport/core';
import { e2bProvider } from '@sandport/provider-e2b';

const provider = createProvider(e2bProvider, JSON.parse(process.argv[2] ?? ''));
const sandbox = await provider.createSandbox({ language: 'python' });
await sandbox.execute({
  code: 'import time\nprint("on", flush=True)\ntime.sleep(600)\n',
  onOutput: () => void process.stdout.write('on\n'),
});
