import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { EngineView } from './load/engine-view.mjs';
import { buildExecutor } from './support/build-executor.ts';
import { Caller, eventsOf } from './support/caller.ts';
import { ExecutorFolder, SpawnedExecutor } from './support/spawned-executor.mjs';

const PROVIDER = { id: 'docker', config: { isolation: 'gvisor', warmContainers: 1, maxIdleContainers: 1, maxContainers: 4 } };
const view = new EngineView();

beforeAll(buildExecutor, 120_000);

let folder: ExecutorFolder;
beforeEach(async () => {
  folder = await ExecutorFolder.make();
});
afterEach(() => folder.remove());

async function start(config: object = {}) {
  const executor = await SpawnedExecutor.start(folder, { provider: PROVIDER, graceMs: 500, ...config });
  onTestFinished(() => void executor.kill());
  await executor.untilReady();
  return { executor, caller: new Caller({ address: executor.address, token: folder.token }) };
}

/** How many containers of an executor there are, some time after they should be gone. */
async function left({ pid }: SpawnedExecutor): Promise<number> {
  return (await view.untilNone(new Set([pid]), 30_000)).left;
}

describe('a sandbox that is reconnectable', () => {
  test('is found again by its id after its executor was killed, with its files and its variables', async () => {
    const first = await start();
    const made = JSON.parse((await first.caller.call('/v1/sandboxes', { body: { reconnectable: true } })).text) as { readonly id: string };
    const forgotten = JSON.parse((await first.caller.call('/v1/sandboxes', { body: { reconnectable: true } })).text) as {
      readonly id: string;
    };
    const path = `/v1/sandboxes/${made.id}`;
    expect((await first.caller.call(`${path}/file?path=a.txt`, { method: 'PUT', body: Buffer.from('kept') })).status).toBe(204);
    const context = JSON.parse((await first.caller.call(`${path}/contexts`, { method: 'POST' })).text) as { readonly id: string };
    const cells = `${path}/contexts/${context.id}/executions`;
    expect(JSON.parse((await first.caller.call(cells, { body: { code: 'a = 41' } })).text)).toMatchObject({ status: 'completed' });
    await first.executor.kill();
    const second = await start();
    // It is nobody's until somebody connects to it.
    expect((await second.caller.call(path)).status).toBe(404);
    const connected = await second.caller.call(`${path}/connection`, { method: 'POST' });
    expect([connected.status, JSON.parse(connected.text)]).toMatchObject([200, { id: made.id }]);
    expect((await second.caller.call(`${path}/file?path=a.txt`)).text).toBe('kept');
    expect(JSON.parse((await second.caller.call(cells, { body: { code: 'print(a + 1)' } })).text)).toMatchObject({ stdout: '42\n' });
    const other = { headers: { 'sandport-tenant': 'other' }, method: 'POST' };
    expect((await second.caller.call(`${path}/connection`, other)).status).toBe(404);
    // One that nobody has connected to is ended by its id alone.
    for (const id of [forgotten.id, made.id]) {
      expect((await second.caller.call(`/v1/sandboxes/${id}`, { method: 'DELETE' })).status).toBe(204);
      expect((await second.caller.call(`/v1/sandboxes/${id}/connection`, { method: 'POST' })).status).toBe(404);
    }
    expect(await left(first.executor)).toBe(0);
    second.executor.signal();
    expect(await second.executor.ended).toEqual({ exitCode: 0, signal: null });
    expect(await left(second.executor)).toBe(0);
  });
});

describe('two executors with one engine', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('work on undisturbed when the other gets %s', async (signal) => {
    const [one, other] = await Promise.all([start({ name: 'one' }), start({ name: 'other' })]);
    const code = 'import time\nprint("on", flush=True)\ntime.sleep(6)\nprint("off")\n';
    const running = await one.caller.open('/v1/executions', { body: { code }, accept: 'lines' });
    const held = await one.caller.open('/v1/sandboxes', { body: {}, accept: 'lines' });
    const { sandbox } = (await held.until('sandbox')) as unknown as { readonly sandbox: { readonly id: string } };
    const doomed = await other.caller.open('/v1/executions', {
      body: { code: 'import time\nprint("on", flush=True)\ntime.sleep(600)' },
      accept: 'lines',
    });
    await Promise.all([running.until('output'), doomed.until('output')]);
    other.executor.signal(signal);
    await other.executor.ended;
    expect((await doomed.read()).isWhole).toBe(signal === 'SIGTERM');
    expect(await left(other.executor)).toBe(0);
    expect(eventsOf((await running.read()).text).at(-1)).toMatchObject({ result: { status: 'completed', stdout: 'on\noff\n' } });
    const { text } = await one.caller.call(`/v1/sandboxes/${sandbox.id}/executions`, { body: { code: 'print(1)' } });
    expect(JSON.parse(text)).toMatchObject({ status: 'completed', stdout: '1\n' });
    held.breakOff();
    one.executor.signal();
    expect(await one.executor.ended).toEqual({ exitCode: 0, signal: null });
    expect(await left(one.executor)).toBe(0);
  });
});
