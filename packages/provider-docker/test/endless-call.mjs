// Runs a program that never ends and prints the name of its container once it runs; the test kills this process.
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';

const provider = createProvider(dockerProvider, { isolation: process.argv[2], warmContainers: 1 });
const sandbox = await provider.createSandbox({ language: 'python' });
const announce = () => process.stdout.write(`${sandbox.id}\n`);
await sandbox.execute({
  language: 'python',
  code: 'import time\nprint("running", flush=True)\nwhile True: time.sleep(1)\n',
  limits: { timeoutMs: 600_000 },
  onOutput: announce,
});
