import { getEventListeners } from 'node:events';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { openExecutionStream, type StreamAdditions } from '../../src/stream/execution-stream.ts';
import { failureOf } from '../failure-of.ts';
import { fakeRun, idle, kib, output, readAll } from './fake-run.ts';

describe('the events of a run', () => {
  test('are its output in order and at last its result', async () => {
    const stream = openExecutionStream(async ({ onOutput }: StreamAdditions) => {
      await onOutput({ stream: 'stdout', text: 'a' });
      await onOutput({ stream: 'stderr', text: 'b' });
      await Promise.resolve();
      await onOutput({ stream: 'stdout', text: 'ż' });
      return 7;
    });
    expect(await readAll(stream)).toEqual([
      { type: 'output', stream: 'stdout', text: 'a' },
      { type: 'output', stream: 'stderr', text: 'b' },
      { type: 'output', stream: 'stdout', text: 'ż' },
      { type: 'result', result: 7 },
    ]);
    expect(await stream.result).toBe(7);
  });

  test('come while the program runs', async () => {
    const run = fakeRun(['first'], { stays: true });
    const iterator = openExecutionStream(run.start)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual(output('first'));
    const next = iterator.next();
    run.end();
    expect((await next).value).toEqual({ type: 'result', result: 'done' });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('that were asked for at once come in order', async () => {
    const iterator = openExecutionStream(fakeRun(['a', 'b']).start)[Symbol.asyncIterator]();
    const steps = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
    expect(steps.map(({ value }) => value)).toEqual([output('a'), output('b'), { type: 'result', result: 'done' }, undefined]);
  });

  test('are there for a loop that begins after the run has ended', async () => {
    const stream = openExecutionStream(fakeRun(['a', 'b']).start);
    await idle();
    expect(await readAll(stream)).toEqual([output('a'), output('b'), { type: 'result', result: 'done' }]);
  });

  test('can be read once only', async () => {
    const stream = openExecutionStream(fakeRun(['a']).start);
    await readAll(stream);
    const error = await failureOf(() => readAll(stream));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'stream' }]);
    expect(await stream.result).toBe('done');
  });
});

describe('a reader', () => {
  test('who is slow holds the program, and loses nothing', async () => {
    const pieces = Array.from({ length: 40 }, (_, index) => `${index} ${kib(1)}`);
    const run = fakeRun(pieces);
    const stream = openExecutionStream(run.start, { bufferBytes: 4096 });
    const seen: string[] = [];
    for await (const event of stream) {
      if (event.type !== 'output') continue;
      seen.push(event.text);
      await new Promise((resolve) => setImmediate(resolve));
      expect(run.written.length - seen.length).toBeLessThanOrEqual(4);
    }
    expect(seen).toEqual(pieces);
  });

  test('who never begins holds it when 64 KiB wait', async () => {
    const run = fakeRun(Array.from({ length: 100 }, () => kib(1)));
    const stream = openExecutionStream(run.start);
    await idle();
    expect(run.written).toHaveLength(64);
    expect(await readAll(stream)).toHaveLength(101);
  });

  test('who asks for the result alone gets it, however much is written', async () => {
    const run = fakeRun(Array.from({ length: 300 }, () => kib(1)));
    expect(await openExecutionStream(run.start).result).toBe('done');
  });

  test('who asks for the result when the program is held already gets it', async () => {
    const run = fakeRun(Array.from({ length: 300 }, () => kib(1)));
    const stream = openExecutionStream(run.start);
    await idle();
    expect(run.written.length).toBeLessThan(300);
    expect(await stream.result).toBe('done');
  });

  test('who asks for the result first and reads then misses nothing', async () => {
    const pieces = Array.from({ length: 200 }, (_, index) => `${index} ${kib(1)}`);
    const stream = openExecutionStream(fakeRun(pieces).start);
    expect(await stream.result).toBe('done');
    expect(await readAll(stream)).toEqual([...pieces.map(output), { type: 'result', result: 'done' }]);
  });

  test('who asks for the result in the middle of the loop gets it, and the rest of the events', async () => {
    const stream = openExecutionStream(fakeRun(Array.from({ length: 200 }, () => kib(1))).start);
    let count = 0;
    for await (const event of stream) {
      if (event.type === 'output') expect(await stream.result).toBe('done');
      count += 1;
    }
    expect(count).toBe(201);
  });
});

describe('a run that fails', () => {
  const failure = new SandboxError('PROVIDER_UNAVAILABLE', 'gone');

  test('throws out of the loop after its output, and out of the result', async () => {
    const stream = openExecutionStream(fakeRun(['a'], { failure }).start);
    const iterator = stream[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual(output('a'));
    await expect(iterator.next()).rejects.toBe(failure);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    await expect(stream.result).rejects.toBe(failure);
  });

  test('at once, without a promise, does so too', async () => {
    const stream = openExecutionStream((): Promise<string> => {
      throw failure;
    });
    await expect(readAll(stream)).rejects.toBe(failure);
    await expect(stream.result).rejects.toBe(failure);
  });

  test('and at which nobody looks is no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const collect = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', collect);
    try {
      openExecutionStream(fakeRun([], { failure }).start);
      const { result } = openExecutionStream(fakeRun([], { failure }).start);
      const looped = openExecutionStream(fakeRun(['a'], { failure }).start);
      for await (const _ of looped) break;
      await idle();
      expect([unhandled, result]).toEqual([[], expect.any(Promise)]);
    } finally {
      process.off('unhandledRejection', collect);
    }
  });
});

describe("the caller's own", () => {
  test('signal reaches the run with its reason, and the events end with what the run makes of it', async () => {
    const controller = new AbortController();
    const run = fakeRun(['a'], { stays: true });
    const stream = openExecutionStream(run.start, { signal: controller.signal });
    setTimeout(() => controller.abort('enough'), 5);
    expect(await readAll(stream)).toEqual([output('a'), { type: 'result', result: 'cancelled' }]);
    expect(run.signal?.reason).toBe('enough');
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('signal lets a program go that is held', async () => {
    const controller = new AbortController();
    let hasGoneOn = false;
    const stream = openExecutionStream(
      async ({ onOutput }: StreamAdditions) => {
        await onOutput({ stream: 'stdout', text: 'a' });
        hasGoneOn = true;
        return 'done';
      },
      { signal: controller.signal, bufferBytes: 1 },
    );
    await idle();
    expect(hasGoneOn).toBe(false);
    controller.abort();
    await expect.poll(() => hasGoneOn, { interval: 2 }).toBe(true);
    expect(await readAll(stream)).toHaveLength(2);
  });

  test('signal that has fired is seen by the run', async () => {
    const run = fakeRun(['a']);
    expect(await openExecutionStream(run.start, { signal: AbortSignal.abort('enough') }).result).toBe('cancelled');
    expect([run.written, run.signal?.reason]).toEqual([[], 'enough']);
  });

  test('signal is let go of when the run has ended', async () => {
    const controller = new AbortController();
    await openExecutionStream(fakeRun([]).start, { signal: controller.signal }).result;
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('listener is told the same, and may hold the program', async () => {
    const heard: string[] = [];
    let letGo: () => void = () => undefined;
    const run = fakeRun(['a', 'b', 'c']);
    const stream = openExecutionStream(run.start, {
      onOutput: ({ text }) => {
        heard.push(text);
        if (text !== 'b') return undefined;
        return new Promise<void>((resolve) => {
          letGo = resolve;
        });
      },
    });
    await idle();
    expect([run.written, heard]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    letGo();
    expect(await readAll(stream)).toEqual([output('a'), output('b'), output('c'), { type: 'result', result: 'done' }]);
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  test.each(['throws', 'rejects'])('listener that %s ends the run with that', async (how) => {
    const fault = new Error('of the listener');
    const stream = openExecutionStream(fakeRun(['a']).start, {
      onOutput: () => {
        if (how === 'throws') throw fault;
        return Promise.reject(fault);
      },
    });
    await expect(stream.result).rejects.toBe(fault);
  });
});
