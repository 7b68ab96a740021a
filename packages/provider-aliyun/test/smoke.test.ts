import { startFakeAgentRun } from '@sandport/fakes';
import { expect, test } from 'vitest';
import { createAliyunProvider } from '../src/index.ts';
import { configOf } from './fake-account.ts';

test('smoke', async () => {
  await using fake = await startFakeAgentRun();
  await using provider = createAliyunProvider(configOf(fake));
  const t0 = performance.now();
  try {
    const sandbox = await provider.createSandbox({ language: 'python' });
    console.log('created', performance.now() - t0);
    for (let i = 0; i < 3; i++) {
      const t1 = performance.now();
      const result = await sandbox.execute({ code: 'print("hi")\ndef main(a):\n    return a*2\n', arguments: { a: 21 } });
      console.log(performance.now() - t1, JSON.stringify(result, null, 1));
    }
    await sandbox.destroy();
  } catch (error) {
    console.log(error, fake.requests);
  }
  await provider.close();
  expect(fake.sandboxes()).toEqual([]);
});
