import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { openExecutionStream, type StreamAdditions } from '../../src/stream/execution-stream.ts';
import { fakeRun, idle, kib, output, readAll } from './fake-run.ts';

const never = () => new Promise<never>(() => undefined);

describe('leaving the loop', () => {
  test('by break withdraws the run and waits until it has settled', async () => {
    const run = fakeRun(['a'], { stays: true });
    const stream = openExecutionStream(run.start);
    for await (const event of stream) {
      expect(event).toEqual(output('a'));
      break;
    }
    expect(run.signal?.aborted).toBe(true);
    expect(SandboxError.isInstance(run.signal?.reason) && run.signal.reason.code).toBe('CANCELLED');
    expect(await stream.result).toBe('cancelled');
  });

  test('by an exception does the same, and the exception comes through', async () => {
    const run = fakeRun(['a'], { stays: true });
    const fault = new Error('of the reader');
    const reading = (async () => {
      for await (const event of openExecutionStream(run.start)) throw event.type === 'output' ? fault : new Error('too late');
    })();
    await expect(reading).rejects.toBe(fault);
    expect(run.signal?.aborted).toBe(true);
  });

  test('lets a program go that is held', async () => {
    const run = fakeRun(Array.from({ length: 300 }, () => kib(1)));
    for await (const event of openExecutionStream(run.start, { bufferBytes: 1 })) {
      expect(event.type).toBe('output');
      break;
    }
    expect(run.written.length).toBeLessThan(4);
  });

  test('ends a step that waits for output which never comes', async () => {
    const run = fakeRun([], { stays: true });
    const iterator = openExecutionStream(run.start)[Symbol.asyncIterator]();
    const step = iterator.next();
    await idle();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await step).toEqual({ done: true, value: undefined });
    expect(run.signal?.aborted).toBe(true);
  });

  test('ends such a step also when the run does not settle', async () => {
    const iterator = openExecutionStream(never, { settleTimeoutMs: 1 })[Symbol.asyncIterator]();
    const step = iterator.next();
    await idle();
    await iterator.return?.();
    expect(await step).toEqual({ done: true, value: undefined });
  });

  test('waits no longer than its time for a run that does not settle', async () => {
    for await (const event of openExecutionStream(
      async ({ onOutput }: StreamAdditions) => {
        void onOutput({ stream: 'stdout', text: 'a' });
        return never();
      },
      { settleTimeoutMs: 20 },
    )) {
      expect(event).toEqual(output('a'));
      break;
    }
  });

  test('with the result withdraws nothing', async () => {
    const run = fakeRun([]);
    for await (const event of openExecutionStream(run.start)) {
      expect(event.type).toBe('result');
      break;
    }
    expect(run.signal?.aborted).toBe(false);
  });

  test('comes with await using, also without a loop', async () => {
    const run = fakeRun(['a'], { stays: true });
    {
      await using stream = openExecutionStream(run.start);
      expect(stream).toBeDefined();
    }
    expect(run.signal?.aborted).toBe(true);
    const ended = fakeRun(['a']);
    {
      await using stream = openExecutionStream(ended.start);
      await readAll(stream);
    }
    expect(ended.signal?.aborted).toBe(false);
  });

  test('forgets output that comes late', async () => {
    let listener: StreamAdditions['onOutput'] = () => undefined;
    const stream = openExecutionStream(
      ({ onOutput }: StreamAdditions) => {
        listener = onOutput;
        return never();
      },
      { settleTimeoutMs: 1 },
    );
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(listener({ stream: 'stdout', text: kib(100) })).toBeUndefined();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});
