import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { SandboxError, type ExecutionResult, type JsonObject } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { executeOnce } from '../../src/idempotency/idempotent-call.ts';
import { EXECUTION_RESULT_CODEC, MAX_OUTCOME_BYTES } from '../../src/idempotency/stored-outcome.ts';
import { failureOf } from '../failure-of.ts';
import { completedResult, endedResult, failedResult } from '../value/sample-result.ts';
import { gate, setUpCalls } from './once-call.ts';

const SECRET = 'sk-very-secret-0815';

describe('the first call with a key', () => {
  test.each([
    ['completed', completedResult({ deep: [1, null, 'ż'] })],
    ['completed without a value', completedResult()],
    ['failed', failedResult()],
    ['cancelled', endedResult('cancelled')],
    ['timed out', endedResult('timed-out')],
  ])('gives its result to the later ones: %s', async (_, result) => {
    const { counted, call, warnings } = setUpCalls();
    const run = (started: () => unknown) => {
      started();
      return Promise.resolve(result);
    };
    expect(await call({ run })).toEqual({ ...result, replayed: false });
    expect(await call({ run })).toEqual({ ...result, replayed: true });
    expect([counted.runs, warnings]).toEqual([1, []]);
  });

  test('leaves nothing on the signal of its caller', async () => {
    const { call } = setUpCalls();
    const { signal } = new AbortController();
    await call({ signal });
    await call({ signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('runs alone, however many send the key at the same moment', async () => {
    const { counted, call } = setUpCalls();
    const { opened, open } = gate();
    const calls = Array.from({ length: 20 }, () =>
      call({
        run: async (started) => {
          started();
          await opened;
          return completedResult('once');
        },
      }),
    );
    setTimeout(open, 20);
    const results = await Promise.all(calls);
    expect(counted.runs).toBe(1);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(results.map((result) => (result.status === 'completed' ? result.value : result.status)))).toEqual(new Set(['once']));
  });

  test('is forgotten when its window has passed, and not before', async () => {
    const { store, counted, call } = setUpCalls();
    await call({ windowMs: 5000 });
    store.timeMs = 4999;
    await call({ windowMs: 5000 });
    expect(counted.runs).toBe(1);
    store.timeMs = 5000;
    expect((await call({ windowMs: 5000 })).replayed).toBe(false);
    expect(counted.runs).toBe(2);
  });

  test('is remembered for a day when nothing is said', async () => {
    const { store, call } = setUpCalls();
    await call();
    expect(store.record?.expiresAtMs).toBe(86_400_000);
  });

  test('shows that it lives while it runs, and falls silent with its end', async () => {
    const { store, call } = setUpCalls();
    await call({
      run: async () => {
        await expect.poll(() => store.record?.beat, { interval: 2 }).toBeGreaterThan(2);
        return completedResult(1);
      },
    });
    const beats = store.countOf('beat');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(store.countOf('beat')).toBe(beats);
  });

  test('keeps what its caller puts on results, when its codec does', async () => {
    const { store } = setUpCalls();
    type Routed = ExecutionResult & { readonly route: string };
    const call = () =>
      executeOnce<Routed>({
        store,
        tenant: 't',
        key: 'k',
        requestDigest: 'd',
        warn: () => undefined,
        codec: {
          encode: ({ route, ...result }) => ({ route, result: EXECUTION_RESULT_CODEC.encode(result) }),
          decode: ({ route, result }) => ({ ...EXECUTION_RESULT_CODEC.decode(result as JsonObject), route: route as string }),
        },
        run: () => Promise.resolve({ ...completedResult(1), route: 'a, then b' }),
      });
    const [first, second] = [await call(), await call()];
    expect([first.route, first.replayed, second.route, second.replayed]).toEqual(['a, then b', false, 'a, then b', true]);
  });
});

describe('another request with the same key', () => {
  test('is refused while the first call runs, and after it', async () => {
    const { counted, call } = setUpCalls();
    const { opened, open } = gate();
    const first = call({
      run: async () => {
        await opened;
        return completedResult(1);
      },
    });
    const early = await failureOf(call({ requestDigest: 'another' }));
    open();
    await first;
    const late = await failureOf(call({ requestDigest: 'another' }));
    expect([early.code, late.code, early.details]).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_KEY_REUSED',
      { field: 'idempotencyKey' },
    ]);
    expect(counted.runs).toBe(1);
  });
});

describe('a first call that fails', () => {
  const refusal = new SandboxError('CAPACITY_EXHAUSTED', 'full', { retryAfterMs: 5 });

  test('before its program can have started frees the key', async () => {
    const { store, counted, call, warnings } = setUpCalls();
    expect(await failureOf(call({ run: () => Promise.reject(refusal) }))).toBe(refusal);
    expect(store.records.size).toBe(0);
    expect((await call()).replayed).toBe(false);
    expect([counted.runs, warnings]).toEqual([2, []]);
  });

  test('before its program can have started lets one that waits run instead', async () => {
    const { counted, call } = setUpCalls();
    const { opened, open } = gate();
    const first = call({
      run: async () => {
        await opened;
        throw refusal;
      },
    });
    const later = [call(), call(), call()];
    open();
    expect(await failureOf(first)).toBe(refusal);
    const results = await Promise.all(later);
    expect(counted.runs).toBe(2);
    expect(results.filter(({ replayed }) => replayed)).toHaveLength(2);
  });

  test('after its program may have started gives that error to everybody', async () => {
    const { counted, call } = setUpCalls();
    const failure = new SandboxError('PROVIDER_UNAVAILABLE', 'The engine went away.', {
      providerId: 'docker',
      operation: 'execute',
      suggestion: 'Look there.',
      details: { attempt: 1 },
      cause: new Error(SECRET),
    });
    const run = (started: () => unknown) => {
      started();
      return Promise.reject(failure);
    };
    expect(await failureOf(call({ run }))).toBe(failure);
    const replayed = await failureOf(call({ run }));
    expect(replayed).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: 'The engine went away.',
      providerId: 'docker',
      suggestion: 'Look there.',
    });
    expect(replayed.details).toEqual({ attempt: 1, replayed: true });
    expect(inspect(replayed, { depth: null })).not.toContain(SECRET);
    expect(counted.runs).toBe(1);
  });

  test('with something that is no SandboxError does not store its text', async () => {
    const { store, call } = setUpCalls();
    const failure = new TypeError(SECRET);
    const run = (started: () => unknown) => {
      started();
      throw failure;
    };
    await expect(call({ run })).rejects.toBe(failure);
    expect(JSON.stringify([...store.records.values()])).not.toContain(SECRET);
    expect((await failureOf(call({ run }))).code).toBe('INTERNAL');
  });

  test('frees the key when the provider has said that the program did not start after all', async () => {
    const { store, call } = setUpCalls();
    const run = (started: () => () => void) => {
      const takeBack = started();
      takeBack();
      takeBack();
      return Promise.reject(refusal);
    };
    expect(await failureOf(call({ run }))).toBe(refusal);
    expect(store.records.size).toBe(0);
  });

  test('keeps the key when only one of two starts is taken back', async () => {
    const { store, call } = setUpCalls();
    const run = (started: () => () => void) => {
      started();
      const takeBack = started();
      takeBack();
      takeBack();
      return Promise.reject(refusal);
    };
    expect(await failureOf(call({ run }))).toBe(refusal);
    expect(store.record?.state).toBe('finished');
  });
});

describe('a result that cannot be kept', () => {
  test('is given to its own caller, and later ones learn how large it was', async () => {
    const { counted, call, warnings } = setUpCalls();
    const large = { ...completedResult(1), stdout: 'ż'.repeat(MAX_OUTCOME_BYTES / 2) };
    const run = () => Promise.resolve(large);
    expect(await call({ run })).toEqual({ ...large, replayed: false });
    expect(warnings.map(({ code, operation }) => [code, operation])).toEqual([['IDEMPOTENT_CALL_LOST', 'keepOutcome']]);
    const error = await failureOf(call({ run }));
    expect([error.code, error.details?.['hasRun']]).toEqual(['IDEMPOTENT_CALL_LOST', true]);
    expect(Number(error.details?.['sizeBytes'])).toBeGreaterThan(MAX_OUTCOME_BYTES);
    expect(counted.runs).toBe(1);
  });

  test('for a fault of its codec is given to its own caller too', async () => {
    const { counted, call, warnings } = setUpCalls();
    const codec = {
      encode: () => {
        throw new RangeError('a fault');
      },
      decode: EXECUTION_RESULT_CODEC.decode,
    };
    expect((await call({ codec })).replayed).toBe(false);
    expect(warnings.map(({ code }) => code)).toEqual(['INTERNAL']);
    expect((await failureOf(call({ codec }))).code).toBe('IDEMPOTENT_CALL_LOST');
    expect(counted.runs).toBe(1);
  });

  test.each(['', 'null', '{"version":2,"kind":"result","result":{}}', '{"version":1,"kind":"result","result":{"status":"completed"}}'])(
    'a stored outcome %j that this version does not write is an error, and nothing runs',
    async (outcome) => {
      const { store, counted, call } = setUpCalls();
      await call();
      const [digest = '', record] = [...store.records][0] ?? [];
      if (record !== undefined) store.records.set(digest, { ...record, outcome });
      expect((await failureOf(call())).code).toBe('RESPONSE_INVALID');
      expect(counted.runs).toBe(1);
    },
  );
});
