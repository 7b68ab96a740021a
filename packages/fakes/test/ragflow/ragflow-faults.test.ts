import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFakeRagflowExecutor, type FakeRagflowExecutor, type RagflowFault } from '../../src/index.ts';
import { parseSandboxTimeout } from '../../src/ragflow/sandbox-timeout.ts';
import { failureOf } from '../e2b/e2b-user.ts';
import { textWith } from '../matchers.ts';
import { sendProgram } from './ragflow-wire.ts';

let fake: FakeRagflowExecutor;

beforeAll(async () => {
  fake = await startFakeRagflowExecutor();
});

afterEach(() => fake.faults.clear());
afterAll(() => fake.close());

const once = (fault: RagflowFault): void => void fake.faults.add({ match: { operation: 'Run' }, times: 1, fault });
const run = (signal?: AbortSignal): ReturnType<typeof sendProgram> =>
  sendProgram(fake.url, { code: 'def main():\n    return 1' }, {}, signal);
const last = (): FakeRagflowExecutor['requests'][number] | undefined => fake.requests.at(-1);

describe('a fault', () => {
  test('that is over has no effect', async () => {
    once({ kind: 'pool-busy' });
    expect((await run()).json).toMatchObject({ exit_code: -10 });
    expect((await run()).json).toMatchObject({ exit_code: 0 });
  });

  test.each<[RagflowFault, object]>([
    [{ kind: 'rate-limited' }, { exit_code: -429, stderr: 'Too many requests, please try again later' }],
    [{ kind: 'internal-error' }, { exit_code: -3, detail: 'internal_error' }],
    [
      { kind: 'unhandled-exception', message: 'own words' },
      { exit_code: -999, detail: 'unhandled_exception', stderr: 'own words' },
    ],
    [
      { kind: 'other-answer', members: { status: 'fine' } },
      { status: 'fine', exit_code: 0 },
    ],
  ])('$kind is told with status 200', async (fault, expected) => {
    once(fault);
    const answer = await run();
    expect([answer.status, answer.json]).toMatchObject([200, expected]);
    expect(last()?.faults).toEqual([fault.kind]);
  });

  test.each<[RagflowFault, number, unknown]>([
    [{ kind: 'status', status: 502, body: 'html' }, 502, textWith('502')],
    [{ kind: 'status', status: 503, body: 'text', afterWork: true }, 503, textWith('on demand')],
    [{ kind: 'status', status: 504, body: 'empty' }, 504, ''],
    [{ kind: 'foreign-body' }, 200, textWith('Please log in')],
  ])('%o is what a gateway sends', async (fault, status, text) => {
    once(fault);
    expect(await run()).toMatchObject({ status, text });
  });

  test('that ends the JSON too early leaves none', async () => {
    once({ kind: 'invalid-json' });
    expect(await failureOf(run())).toBeInstanceOf(SyntaxError);
  });

  test.each(['before-work', 'after-work', 'in-answer'] as const)('cuts the connection %s', async (when) => {
    const before = fake.executions.length;
    once({ kind: 'cut', when });
    await failureOf(run());
    expect(fake.executions.length - before).toBe(when === 'before-work' ? 0 : 1);
    expect(last()).toMatchObject({ abandoned: false, status: undefined });
  });

  test.each(['before-work', 'after-work'] as const)('hangs %s, until the caller has gone', async (when) => {
    const before = fake.executions.length;
    once({ kind: 'hang', when });
    const caller = new AbortController();
    const failing = failureOf(run(caller.signal));
    await expect.poll(() => last()?.faults).toEqual(['hang']);
    await expect.poll(() => fake.executions.length - before).toBe(when === 'before-work' ? 0 : 1);
    caller.abort();
    expect(await failing).toHaveProperty('name', 'AbortError');
    await expect.poll(() => last()).toMatchObject({ abandoned: true, status: undefined });
  });

  test('is slow', async () => {
    once({ kind: 'latency', delayMs: 100 });
    const began = performance.now();
    await run();
    expect(performance.now() - began).toBeGreaterThan(95);
  });
});

test.each([
  ['10s', 10],
  ['2m', 120],
  ['1M30S', 90],
  ['60', 10],
  ['1h', 10],
  ['1.5s', 10],
  ['', 10],
])('the time %s is %i seconds', (text, seconds) => {
  expect(parseSandboxTimeout(text)).toBe(seconds);
});
