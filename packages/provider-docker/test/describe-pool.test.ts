import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProvider, type PoolState } from '@sandport/core';
import { expect, onTestFinished, test } from 'vitest';
import { dockerProvider } from '../src/index.ts';
import { DOCKER_ANSWERS, FakeEngine } from './engine/fake-engine.ts';

const EMPTY: PoolState = { idle: 0, busy: 0, starting: 0, waiting: 0 };

test('the pool is described as it is at any moment, also while the engine says nothing', async () => {
  const held: (() => void)[] = [];
  const answerLater = (request: IncomingMessage, response: ServerResponse): void =>
    void held.push(() => DOCKER_ANSWERS['GET /info']?.(request, response));
  const engine = await new FakeEngine({ ...DOCKER_ANSWERS, 'GET /info': answerLater }).listen();
  const provider = createProvider(dockerProvider, { dockerHost: `http://127.0.0.1:${engine.port}`, warmContainers: 0, maxContainers: 1 });
  onTestFinished(() => provider.close());
  const pool = (): PoolState | undefined => provider.describePool?.();
  expect(pool()).toEqual(EMPTY);

  // One container is all there may be: the second call waits for the first one's.
  const withdrawal = new AbortController();
  const calls = [
    provider.createSandbox({ language: 'python' }),
    provider.createSandbox({ language: 'python' }, { signal: withdrawal.signal }),
  ];
  const outcomes = Promise.allSettled(calls);
  await expect.poll(() => held.length).toBeGreaterThan(0);
  expect(pool()).toEqual({ ...EMPTY, starting: 1, waiting: 2 });
  withdrawal.abort();
  await expect.poll(pool).toEqual({ ...EMPTY, starting: 1, waiting: 1 });

  // The engine has no gVisor: nothing is made, and nothing is left.
  for (const answer of held.splice(0)) answer();
  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'RUNTIME_MISSING' } },
    { status: 'rejected', reason: { code: 'CANCELLED' } },
  ]);
  await expect.poll(pool).toEqual(EMPTY);
  await provider.close();
  expect(pool()).toEqual(EMPTY);
});
