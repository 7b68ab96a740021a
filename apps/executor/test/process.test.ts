import { connect } from 'node:net';
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { buildExecutor } from './support/build-executor.ts';
import { Caller, eventsOf } from './support/caller.ts';
import { ExecutorFolder, SpawnedExecutor } from './support/spawned-executor.mjs';

beforeAll(buildExecutor, 120_000);

let folder: ExecutorFolder;
beforeEach(async () => {
  folder = await ExecutorFolder.make();
});
afterEach(() => folder.remove());

async function start(config: object = {}) {
  const executor = await SpawnedExecutor.start(folder, { provider: { id: 'wasm', config: { maxChildren: 2 } }, ...config });
  onTestFinished(() => void executor.kill());
  return { executor, caller: new Caller({ address: executor.address, token: folder.token }) };
}

const ENDLESS = 'print("on", flush=True)\nwhile True: pass\n';

test('SIGTERM under load: every call that was taken is answered, and the process ends by itself with 0', async () => {
  const { executor, caller } = await start({ graceMs: 1000 });
  const quick = caller.call('/v1/executions', { body: { code: 'def main(): return 1' } });
  expect(JSON.parse((await quick).text)).toMatchObject({ status: 'completed' });
  const running = await caller.open('/v1/executions', { body: { code: ENDLESS }, accept: 'lines' });
  await running.until('output');
  const others = [
    caller.call('/v1/executions', { body: { code: ENDLESS } }),
    caller.call('/v1/executions', { body: { code: ENDLESS }, accept: 'serverSentEvents' }),
    caller.call('/v1/executions', { body: { code: ENDLESS } }),
    caller.call('/v1/executions', { body: { code: ENDLESS }, headers: { 'idempotency-key': 'one' } }),
  ];
  const held = caller.call('/v1/sandboxes', { body: {}, accept: 'lines' });
  // Somebody who is connected and asks for nothing.
  const idle = connect(Number(new URL(executor.address).port), '127.0.0.1');
  idle.on('error', () => undefined);
  onTestFinished(() => void idle.destroy());
  await vi.waitFor(async () => expect(await countedCalls(caller)).toBeGreaterThanOrEqual(5), { timeout: 10_000 });
  executor.signal();
  expect(await executor.ended).toEqual({ exitCode: 0, signal: null });
  const answers = [await running.read(), ...(await Promise.all([...others, held]))];
  for (const { status, isWhole, text } of answers) {
    expect([isWhole, [200, 503].includes(status)]).toEqual([true, true]);
    const end = eventsOf(`${text}\n`).at(-1);
    expect(JSON.stringify(end)).toMatch(/"status":"cancelled"|"code":"STOPPING"|"code":"CAPACITY_EXHAUSTED"|"type":"ended"/);
  }
  expect(eventsOf(answers[0]?.text ?? '').at(-1)).toMatchObject({ type: 'result', result: { status: 'cancelled', stdout: 'on\n' } });
});

test.each([
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGTERM'],
] as const)('after %s, %s ends the process at once', async (first, second) => {
  const { executor, caller } = await start({ graceMs: 600_000 });
  const running = await caller.open('/v1/executions', { body: { code: ENDLESS }, accept: 'lines' });
  await running.until('output');
  executor.signal(first);
  await vi.waitFor(() => expect(executor.lines.some((line) => line.includes('"msg":"stopping"'))).toBe(true), { timeout: 10_000 });
  executor.signal(second);
  expect(await executor.ended).toEqual({ exitCode: null, signal: second });
  expect((await running.read()).isWhole).toBe(false);
});

async function countedCalls(caller: Caller): Promise<number> {
  const { text } = await caller.call('/metrics');
  return Number(/^sandport_executor_running_calls (\d+)$/m.exec(text)?.[1]);
}
