import { startFakeAgentRun } from '@sandport/fakes';
import { expect, test } from 'vitest';
import { createAliyunProvider } from '../src/index.ts';
import { configOf } from './fake-account.ts';

test('smoke', { timeout: 100_000 }, async () => {
  await using fake = await startFakeAgentRun();
  await using provider = createAliyunProvider(configOf(fake));
  const c0 = process.cpuUsage();
  const t0 = performance.now();
  for (let i=0;i<20;i++){
    const sandbox = await provider.createSandbox({ language: 'python' });
    if (process.env.RUN) await sandbox.execute({ code: 'print(1)' });
    await sandbox.destroy();
  }
  const c = process.cpuUsage(c0);
  console.log('per', (performance.now()-t0)/20, 'host cpu', (c.user+c.system)/20/1000);
  await provider.close();
  expect(fake.sandboxes()).toEqual([]);
});
