import { once } from 'node:events';
import { ROUTES } from '@sandport/admin-api';
import { SandboxError } from '@sandport/core';
import { expect, test } from 'vitest';
import { AdminUnderTest } from './admin-under-test.ts';
import { standInHandlers } from './server/stand-in-handlers.ts';

const TRIAL = JSON.stringify({ providerId: 'wasm' });

function trial(served: AdminUnderTest, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${served.admin.address}${ROUTES.tryConfiguration.path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: TRIAL,
  });
}

test('what runs at the stop is withdrawn after the grace time, and told why', async () => {
  const handlers = standInHandlers([], {
    tryConfiguration: async ({ signal }, emit) => {
      await emit({ type: 'alive' });
      await once(signal, 'abort');
      throw new SandboxError('CANCELLED', 'The trial was withdrawn.');
    },
  });
  await using served = await AdminUnderTest.start({ handlers });
  const { headers } = await served.enterAsFirst();
  const { address } = served.admin;
  const answer = await trial(served, headers);
  const text = answer.text();
  await served.admin.stop(0);
  const last = JSON.parse((await text).trim().split('\n').at(-1) ?? '') as unknown;
  expect(last).toMatchObject({
    type: 'error',
    error: { code: 'CAPACITY_EXHAUSTED', message: expect.stringContaining('being stopped') as string },
  });
  await expect(fetch(address)).rejects.toThrow('fetch failed');
});

test('what comes to its end within the grace time does, and nothing new is taken meanwhile', async () => {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const handlers = standInHandlers([], {
    tryConfiguration: async (_call, emit) => {
      await emit({ type: 'alive' });
      await finished;
      await emit({ type: 'alive' });
    },
  });
  await using served = await AdminUnderTest.start({ handlers });
  const { headers } = await served.enterAsFirst();
  const answer = await trial(served, headers);
  const stopped = served.admin.stop(30_000);
  const refused = await served.call('createToken', { body: { name: 'late', role: 'viewer', lifetimeDays: null }, headers });
  expect([refused.status, JSON.parse(refused.body)]).toMatchObject([503, { code: 'STOPPING' }]);
  finish();
  expect((await answer.text()).trim().split('\n')).toHaveLength(2);
  await stopped;
  await served.admin.stop();
});

test('an address that is taken fails the start, and leaves nothing', async () => {
  await using served = await AdminUnderTest.start();
  const port = Number(new URL(served.admin.address).port);
  await expect(AdminUnderTest.start({ config: { listen: { port } } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
