import { createProvider, type PoolState } from '@sandport/core';
import { expect, onTestFinished, test } from 'vitest';
import { wasmProvider } from '../src/index.ts';

const PATIENCE = { timeout: 20_000 };

test('the pool is described as it is at any moment, without asking anybody', async () => {
  const provider = createProvider(wasmProvider, { warmChildren: 0, maxIdleChildren: 0, maxChildren: 2 });
  onTestFinished(() => provider.close());
  const pool = (): PoolState | undefined => provider.describePool?.();
  const empty = { idle: 0, busy: 0, starting: 0, waiting: 0 };
  expect(pool()).toEqual(empty);

  const first = provider.createSandbox({ language: 'javascript' });
  expect(pool()).toEqual({ ...empty, starting: 1, waiting: 1 });
  const one = await first;
  expect(pool()).toEqual({ ...empty, busy: 1 });
  const other = await provider.createSandbox({ language: 'javascript' });
  expect(pool()).toEqual({ ...empty, busy: 2 });

  // There is room for two: a third waits until one has gone.
  const third = provider.createSandbox({ language: 'javascript' });
  await expect.poll(pool, PATIENCE).toEqual({ ...empty, busy: 2, waiting: 1 });
  await one.destroy();
  const last = await third;
  await expect.poll(pool, PATIENCE).toEqual({ ...empty, busy: 2 });
  await Promise.all([other.destroy(), last.destroy()]);
  await expect.poll(pool, PATIENCE).toEqual(empty);
  await provider.close();
  expect(pool()).toEqual(empty);
});

test('a child that is kept ready is idle until it is claimed', async () => {
  const provider = createProvider(wasmProvider, { warmChildren: 1, maxIdleChildren: 1, maxChildren: 3 });
  onTestFinished(() => provider.close());
  const pool = (): PoolState | undefined => provider.describePool?.();
  await using sandbox = await provider.createSandbox({ language: 'javascript' });
  await expect.poll(pool, PATIENCE).toEqual({ idle: 1, busy: 1, starting: 0, waiting: 0 });
  expect((await sandbox.execute({ code: '', language: 'javascript' })).status).toBe('completed');
  await using _warm = await provider.createSandbox({ language: 'javascript' });
  expect(pool()).toMatchObject({ busy: 2, waiting: 0 });
});
