import { describe, expect, test, vi } from 'vitest';
import { eventsOf } from './support/caller.ts';
import { PATIENCE, serveScripts, untilRunning } from './support/served-scripts.ts';

describe('an executor that is told to stop', () => {
  test('is not ready from then on, and takes nothing new', async () => {
    const { provider, served, caller, run } = await serveScripts();
    const running = run('wait 400');
    await untilRunning(provider, 1);
    const stopped = served.executor.stop(5000);
    const answers = await Promise.all([
      caller.call('/readyz'),
      caller.call('/healthz'),
      caller.call('/v1/executions', { body: { code: 'nothing' } }),
      caller.call('/v1/sandboxes', { body: {}, accept: 'lines' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([503, 200, 503, 503]);
    expect(JSON.parse(answers[0]?.text ?? '')).toMatchObject({ status: 'not-ready', checks: [{ name: 'executor', status: 'failed' }] });
    for (const { headers, text } of answers.slice(2)) {
      expect(headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
      expect(JSON.parse(text)).toMatchObject({ code: 'STOPPING', retryable: true, retryAfterMs: 1000 });
    }
    expect(JSON.parse((await (await running).read()).text)).toMatchObject({ status: 'completed' });
    await stopped;
  });

  test('lets calls finish within the grace time, withdraws the rest, and answers each', async () => {
    const { provider, served, run } = await serveScripts();
    const quick = [run('wait 200'), run('wait 200', { accept: 'lines' })];
    const slow = [run('wait 60000'), run('wait 60000', { accept: 'lines' }), run('wait 60000', { accept: 'serverSentEvents' })];
    await untilRunning(provider, 5);
    await served.executor.stop(600);
    const answers = await Promise.all([...quick, ...slow].map(async (answer) => (await answer).read()));
    const ends = answers.map(({ status, isWhole, text }) => {
      const end = eventsOf(text).at(-1) ?? { result: JSON.parse(text) as object };
      return { status, isWhole, result: (end['result'] as { status: string }).status };
    });
    const whole = { status: 200, isWhole: true };
    expect(ends).toEqual([...quick.map(() => ({ ...whole, result: 'completed' })), ...slow.map(() => ({ ...whole, result: 'cancelled' }))]);
    expect([provider.running, provider.sandboxes.size, provider.isClosed]).toEqual([0, 0, true]);
  });

  test('answers who waits for a turn that nothing was run, and that another executor may be asked', async () => {
    const { provider, served, run } = await serveScripts({ capacity: 1 });
    const running = run('wait 60000');
    await untilRunning(provider, 1);
    const queued = [run('nothing'), run('nothing', { accept: 'lines' })];
    await vi.waitFor(() => expect(provider.queued).toBe(2), PATIENCE);
    await served.executor.stop(100);
    const [document, stream] = await Promise.all(queued.map(async (answer) => (await answer).read()));
    expect([document?.status, document?.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(document?.text ?? '')).toMatchObject({ code: 'STOPPING', retryable: true });
    expect(eventsOf(stream?.text ?? '').at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'CAPACITY_EXHAUSTED', retryable: true, retryAfterMs: 1000 },
    });
    expect((await (await running).read()).text).toContain('"cancelled"');
  });

  test('gives the last word also to who reads slowly', async () => {
    const { served, run, provider } = await serveScripts();
    const bytes = 16 * 1024 * 1024;
    const answers = await Promise.all([run(`return ${bytes}`), run(`return ${bytes}`, { accept: 'lines' })]);
    await untilRunning(provider, 0);
    const stopped = served.executor.stop(5000);
    for (const answer of answers) {
      const { isWhole, text } = await answer.read(2);
      expect([isWhole, text.length > bytes]).toEqual([true, true]);
    }
    await stopped;
  });

  test('does not wait longer than the grace time for who reads nothing', async () => {
    const { served, run, provider } = await serveScripts();
    const answer = await run(`return ${16 * 1024 * 1024}`, { accept: 'lines' });
    await untilRunning(provider, 0);
    await served.executor.stop(100);
    expect((await answer.read()).isWhole).toBe(false);
  });

  test('ends kept sandboxes and says so to who holds them', async () => {
    const { served, caller, provider } = await serveScripts();
    const held = await caller.open('/v1/sandboxes', { body: {}, accept: 'lines' });
    const heldAsEvents = await caller.open('/v1/sandboxes', { body: {}, accept: 'serverSentEvents' });
    await Promise.all([held.until('sandbox'), heldAsEvents.until('sandbox')]);
    expect((await caller.call('/v1/sandboxes', { body: {} })).status).toBe(201);
    expect(provider.sandboxes.size).toBe(3);
    await served.executor.stop(100);
    for (const answer of [held, heldAsEvents]) {
      const { isWhole, text } = await answer.read();
      expect([isWhole, eventsOf(text).at(-1)]).toEqual([true, { type: 'ended' }]);
    }
    expect(provider.sandboxes.size).toBe(0);
  });

  test('answers who waits for a sandbox', async () => {
    const { served, caller, provider } = await serveScripts({ capacity: 1 });
    expect((await caller.call('/v1/sandboxes', { body: {} })).status).toBe(201);
    const waiting = [caller.call('/v1/sandboxes', { body: {} }), caller.call('/v1/sandboxes', { body: {}, accept: 'lines' })];
    await vi.waitFor(() => expect(provider.queued).toBe(2), PATIENCE);
    await served.executor.stop(100);
    for (const { status, isWhole, text } of await Promise.all(waiting)) {
      expect([isWhole, status]).toEqual([true, 503]);
      expect(JSON.parse(text)).toMatchObject({ code: 'STOPPING', retryable: true });
    }
    expect(provider.sandboxes.size).toBe(0);
  });

  test('lets a file come through that is on its way', async () => {
    const { served, caller } = await serveScripts();
    const { id } = JSON.parse((await caller.call('/v1/sandboxes', { body: {} })).text) as { id: string };
    const path = `/v1/sandboxes/${id}/file?path=a`;
    const content = Buffer.alloc(16 * 1024 * 1024, 'x');
    expect((await caller.call(path, { method: 'PUT', body: content })).status).toBe(204);
    const reading = await caller.open(path);
    const stopped = served.executor.stop(5000);
    const { isWhole, text } = await reading.read(2);
    expect([isWhole, text.length]).toEqual([true, content.byteLength]);
    await stopped;
  });
});
