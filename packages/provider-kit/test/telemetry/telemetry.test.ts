import { SpanStatusCode } from '@opentelemetry/api';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import {
  instrumentCreate,
  instrumentExecute,
  PoolTelemetry,
  TELEMETRY_ATTRIBUTES,
  TELEMETRY_METRICS,
  TELEMETRY_SPANS,
  type AttributeFacts,
  type PoolState,
} from '../../src/index.ts';
import { fakeFailure, fakeResult } from './fake-result.ts';
import { recordTelemetry } from './recorded-telemetry.ts';

const FACTS = { providerId: 'fake', language: 'python' } as const;
const OF_CALL = { 'sandport.provider.id': 'fake', 'sandport.language': 'python', 'sandport.execution.kind': 'program' };
const MARKER = 'text of the caller or the program';
const CLAIM = { profile: MARKER, tenant: MARKER, queueMs: 250, claimMs: 1 };

const state = (facts: Partial<PoolState> = {}): PoolState => ({
  idle: 1,
  busy: 2,
  starting: 3,
  leaving: 4,
  waiting: 5,
  profiles: [{ breaker: { state: 'closed' } }, { breaker: { state: 'open' } }],
  ...facts,
});

async function failWith(error: unknown): Promise<unknown> {
  try {
    return await instrumentExecute(FACTS, () => Promise.reject(error));
  } catch (thrown) {
    return thrown;
  }
}

describe('a call', () => {
  test('is counted and timed, and has a span with its phases in order', async () => {
    using telemetry = recordTelemetry();
    const result = fakeResult(MARKER);
    expect(await instrumentExecute(FACTS, () => Promise.resolve(result))).toBe(result);
    const attributes = { ...OF_CALL, 'sandport.status': 'completed', 'sandport.isolation': 'gvisor' };
    expect(await telemetry.points('sandport.execute.calls')).toEqual([{ attributes, value: 1 }]);
    expect(await telemetry.points('sandport.execute.duration')).toEqual([{ attributes, value: { count: 1, sum: 0.037 } }]);
    expect(await telemetry.points('sandport.execute.phase.duration')).toEqual(
      Object.entries({ claim: 0.001, start: 0.002, run: 0.03, collect: 0.004 }).map(([phase, sum]) => ({
        attributes: { ...OF_CALL, 'sandport.phase': phase },
        value: { count: 1, sum },
      })),
    );
    const [start, run, collect, call] = telemetry.spans();
    expect([start, run, collect].map((span) => span?.name)).toEqual(['sandport.start', 'sandport.run', 'sandport.collect']);
    expect(start?.endTime).toEqual(run?.startTime);
    expect(run?.endTime).toEqual(collect?.startTime);
    expect(call).toMatchObject({ name: 'sandport.execute', attributes, status: { code: SpanStatusCode.UNSET } });
    for (const phase of [start, run, collect]) expect(phase?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
  });

  test('of a program that failed is no error of ours', async () => {
    using telemetry = recordTelemetry();
    await instrumentExecute({ ...FACTS, kind: 'cell' }, () => Promise.resolve(fakeFailure(MARKER)));
    expect(telemetry.spans().at(-1)).toMatchObject({
      attributes: { 'sandport.status': 'failed', 'sandport.execution.kind': 'cell' },
      status: { code: SpanStatusCode.UNSET },
    });
  });

  test.each([
    [new SandboxError('PROVIDER_UNAVAILABLE', MARKER), 'PROVIDER_UNAVAILABLE', SpanStatusCode.ERROR],
    [new SandboxError('CANCELLED', MARKER), 'CANCELLED', SpanStatusCode.UNSET],
    [new TypeError(MARKER), '_OTHER', SpanStatusCode.ERROR],
    [MARKER, '_OTHER', SpanStatusCode.ERROR],
  ])('that throws %s throws that very error and is counted as %s', async (error, errorType, code) => {
    using telemetry = recordTelemetry();
    expect(await failWith(error)).toBe(error);
    const attributes = { ...OF_CALL, 'sandport.status': 'error', 'error.type': errorType };
    expect(await telemetry.points('sandport.execute.calls')).toEqual([{ attributes, value: 1 }]);
    expect(telemetry.spans()).toMatchObject([{ name: 'sandport.execute', attributes, status: { code }, events: [] }]);
  });

  test('does the same without an SDK', async () => {
    const result = fakeResult(MARKER);
    expect(await instrumentExecute(FACTS, () => Promise.resolve(result))).toBe(result);
    expect(await instrumentCreate(FACTS, () => Promise.resolve('sandbox'))).toBe('sandbox');
    const error = new SandboxError('INTERNAL', MARKER);
    expect(await failWith(error)).toBe(error);
  });

  test('is recorded by an SDK that was registered after the first one', async () => {
    await instrumentExecute(FACTS, () => Promise.resolve(fakeResult(MARKER)));
    for (let round = 0; round < 2; round += 1) {
      using telemetry = recordTelemetry();
      await instrumentExecute(FACTS, () => Promise.resolve(fakeResult(MARKER)));
      expect(await telemetry.points('sandport.execute.calls')).toMatchObject([{ value: 1 }]);
    }
  });
});

describe('obtaining a sandbox', () => {
  test('has a span, with the code when it failed', async () => {
    using telemetry = recordTelemetry();
    await instrumentCreate(FACTS, () => Promise.resolve('sandbox'));
    await instrumentCreate(FACTS, () => Promise.reject(new SandboxError('CAPACITY_EXHAUSTED', MARKER))).catch(() => undefined);
    const attributes = { 'sandport.provider.id': 'fake', 'sandport.language': 'python' };
    expect(telemetry.spans()).toMatchObject([
      { name: 'sandport.create_sandbox', attributes, status: { code: SpanStatusCode.UNSET } },
      { attributes: { ...attributes, 'error.type': 'CAPACITY_EXHAUSTED' }, status: { code: SpanStatusCode.ERROR } },
    ]);
  });
});

describe('a pool', () => {
  const ofPool = { 'sandport.provider.id': 'fake' };

  test('counts claims by hit, and times the wait of those that were served and those that were not', async () => {
    using telemetry = recordTelemetry();
    const pool = new PoolTelemetry('fake');
    pool.claimed({ ...CLAIM, hit: true });
    pool.claimed({ ...CLAIM, hit: true });
    pool.claimed({ ...CLAIM, hit: false });
    pool.refused({ profile: MARKER, tenant: MARKER, error: new SandboxError('CAPACITY_EXHAUSTED', MARKER), waitedMs: 500 });
    expect(await telemetry.points('sandport.pool.claims')).toEqual([
      { attributes: { ...ofPool, 'sandport.pool.hit': true }, value: 2 },
      { attributes: { ...ofPool, 'sandport.pool.hit': false }, value: 1 },
    ]);
    const refused = { ...ofPool, 'error.type': 'CAPACITY_EXHAUSTED' };
    expect(await telemetry.points('sandport.pool.refusals')).toEqual([{ attributes: refused, value: 1 }]);
    expect(await telemetry.points('sandport.pool.queue.duration')).toEqual([
      { attributes: ofPool, value: { count: 3, sum: 0.75 } },
      { attributes: refused, value: { count: 1, sum: 0.5 } },
    ]);
  });

  test('counts and times what is made, what could not be made, and what died unused', async () => {
    using telemetry = recordTelemetry();
    const pool = new PoolTelemetry('fake');
    pool.created({ durationMs: 1500 });
    pool.createFailed({ durationMs: 500, error: new Error(MARKER) });
    pool.died();
    const failed = { ...ofPool, 'error.type': '_OTHER' };
    expect(await telemetry.points('sandport.pool.creates')).toEqual([
      { attributes: ofPool, value: 1 },
      { attributes: failed, value: 1 },
    ]);
    expect(await telemetry.points('sandport.pool.create.duration')).toEqual([
      { attributes: ofPool, value: { count: 1, sum: 1.5 } },
      { attributes: failed, value: { count: 1, sum: 0.5 } },
    ]);
    expect(await telemetry.points('sandport.pool.deaths')).toEqual([{ attributes: ofPool, value: 1 }]);
  });

  test('shows its state when it is read: pools of one provider together, others apart, closed ones with zeros', async () => {
    using telemetry = recordTelemetry();
    const [one, another, other] = [new PoolTelemetry('fake'), new PoolTelemetry('fake'), new PoolTelemetry('other')];
    let idle = 1;
    one.watch(() => state({ idle }));
    another.watch(() => state());
    other.watch(() => state({ idle: 7, profiles: [] }));
    idle = 40;
    const sizes = async (providerId: string) =>
      (await telemetry.points('sandport.pool.size'))
        .filter(({ attributes }) => attributes['sandport.provider.id'] === providerId)
        .map(({ attributes, value }) => [attributes['sandport.pool.state'], value]);
    expect([await sizes('fake'), await sizes('other')]).toEqual([
      [
        ['idle', 41],
        ['busy', 4],
        ['starting', 6],
        ['leaving', 8],
      ],
      expect.arrayContaining([['idle', 7]]),
    ]);
    expect(await telemetry.points('sandport.pool.waiting')).toContainEqual({ attributes: ofPool, value: 10 });
    expect(await telemetry.points('sandport.pool.breakers')).toEqual(
      expect.arrayContaining([
        { attributes: { ...ofPool, 'sandport.breaker.state': 'closed' }, value: 2 },
        { attributes: { ...ofPool, 'sandport.breaker.state': 'open' }, value: 2 },
        { attributes: { ...ofPool, 'sandport.breaker.state': 'half-open' }, value: 0 },
      ]),
    );
    another.close();
    another.close();
    expect(await sizes('fake')).toContainEqual(['idle', 40]);
    one.close();
    other.close();
    expect(await sizes('fake')).toEqual([
      ['idle', 0],
      ['busy', 0],
      ['starting', 0],
      ['leaving', 0],
    ]);
  });
});

test('everything recorded is in the tables, with no other attribute, and nothing of a caller or a program is in it', async () => {
  using telemetry = recordTelemetry();
  const pool = new PoolTelemetry('fake');
  pool.watch(() => state());
  pool.claimed({ ...CLAIM, hit: true });
  pool.refused({ profile: MARKER, tenant: MARKER, error: new SandboxError('CANCELLED', MARKER), waitedMs: 1 });
  pool.created({ durationMs: 1 });
  pool.createFailed({ durationMs: 1, error: new Error(MARKER) });
  pool.died();
  await instrumentCreate(FACTS, () => Promise.reject(new Error(MARKER))).catch(() => undefined);
  for (const result of [fakeResult(MARKER), fakeFailure(MARKER)]) await instrumentExecute(FACTS, () => Promise.resolve(result));
  await failWith(new SandboxError('REQUEST_INVALID', MARKER, { details: { field: MARKER } }));

  const recorded = await telemetry.metrics();
  expect(recorded.map(({ descriptor }) => descriptor.name).toSorted()).toEqual(
    Object.values(TELEMETRY_METRICS)
      .map(({ name }): string => name)
      .toSorted(),
  );
  for (const { name, attributes, unit } of Object.values(TELEMETRY_METRICS)) {
    const metric = recorded.find(({ descriptor }) => descriptor.name === name);
    const facts: readonly AttributeFacts[] = attributes.map((key) => TELEMETRY_ATTRIBUTES[key]);
    const found = new Set(metric?.dataPoints.flatMap((point) => Object.keys(point.attributes)));
    expect([name, metric?.descriptor.unit, [...found].toSorted()]).toEqual([name, unit, facts.map((each) => each.name).toSorted()]);
  }
  const spanNames = new Set(telemetry.spans().map(({ name }) => name));
  expect([...spanNames].toSorted()).toEqual(
    Object.values(TELEMETRY_SPANS)
      .map(({ name }): string => name)
      .toSorted(),
  );
  const everything = JSON.stringify([
    recorded,
    telemetry.spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  ]);
  expect(everything).not.toContain(MARKER);
  pool.close();
});
