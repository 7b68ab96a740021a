// @ts-check
// A sandbox of E2B that is left, and found again by its id: another process with the same key could do the second half.
//
//   E2B_API_KEY=… node execute/e2b/kept-sandbox.mjs
import { createProvider } from '@sandport/core';
import { e2bProvider } from '@sandport/provider-e2b';

// E2B_DOMAIN, E2B_API_URL, E2B_SANDBOX_URL and E2B_TEMPLATE are taken, too.
const maker = createProvider(e2bProvider, {});
let id = '';
try {
  const sandbox = await maker.createSandbox({ language: 'python', reconnectable: true, idleTimeoutMs: 300_000 });
  id = sandbox.id;
  await sandbox.writeFile('numbers.txt', '40\n2\n');
} finally {
  // A sandbox for others stays when its maker ends.
  await maker.close();
}
process.stdout.write(`left ${id}\n`);

const finder = createProvider(e2bProvider, {});
try {
  const sandbox = await finder.connectSandbox(id);
  const result = await sandbox.execute({ code: 'def main():\n    return sum(map(int, open("numbers.txt")))\n' });
  process.stdout.write(`${result.status === 'completed' ? result.valueJson : result.status}\n`);
  await sandbox.destroy();
} finally {
  await finder.close();
}
