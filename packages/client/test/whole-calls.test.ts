import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { failureOf } from './failure-of.ts';
import { MemoryIdempotencyStore } from './idempotency/memory-idempotency-store.ts';
import { MemorySessionStore } from './session/memory-session-store.ts';
import { twoProviders } from './test-client.ts';

const EXECUTES = (event: string): boolean => event.startsWith('execute');

/** Settings that remember calls and sessions. */
function remembering(...parameters: Parameters<typeof twoProviders>) {
  const world = twoProviders(...parameters);
  const [idempotency, sessions] = [new MemoryIdempotencyStore(), new MemorySessionStore()];
  Object.assign(world.settings, { idempotency, sessions });
  return { ...world, idempotency, sessions };
}

describe('a call with an idempotency key', () => {
  test('runs once, and is given again with the route of the first one, whatever is chosen meanwhile', async () => {
    const { client, settings, one, two } = remembering();
    const first = await client.execute({ code: 'p', idempotencyKey: 'order 7' });
    settings.set({ 'sandbox.provider_type': 'two' });
    await client.refresh();
    const again = await client.execute({ code: 'p', idempotencyKey: 'order 7' });
    expect([first.replayed, again.replayed]).toEqual([false, true]);
    expect(again).toEqual({ ...first, replayed: true });
    expect([one.log.events.filter(EXECUTES), two.log.events.filter(EXECUTES)]).toEqual([['execute p'], []]);
  });

  test('is free again when no provider could begin it', async () => {
    const create = { fails: true };
    const { client, idempotency } = remembering(
      {},
      {
        one: {
          create: () => {
            if (create.fails) throw new Error('not yet');
          },
        },
      },
    );
    expect((await failureOf(client.execute({ code: 'p', idempotencyKey: 'k' }))).code).toBe('INTERNAL');
    expect(idempotency.record).toBeUndefined();
    create.fails = false;
    expect((await client.execute({ code: 'p', idempotencyKey: 'k' })).replayed).toBe(false);
  });

  test.each([
    ['an empty key', { idempotencyKey: '' }, 'idempotencyKey'],
    ['a window that is too short', { idempotencyKey: 'k', idempotencyWindowMs: 1 }, 'idempotencyWindowMs'],
    ['a window without a key', { idempotencyWindowMs: 5000 }, 'idempotencyWindowMs'],
  ])('with %s is refused before anything is asked', async (_, terms, field) => {
    const { client, settings, idempotency } = remembering();
    expect(await failureOf(client.execute({ code: 'p', ...terms }))).toMatchObject({ code: 'REQUEST_INVALID', details: { field } });
    expect([settings.readCount, idempotency.operations]).toEqual([0, []]);
  });

  test('is refused where the settings remember nothing, and runs nothing', async () => {
    const { client, one } = twoProviders();
    const error = await failureOf(client.execute({ code: 'p', idempotencyKey: 'k' }));
    expect([error.code, error.details]).toEqual(['CAPABILITY_UNSUPPORTED', { field: 'idempotencyKey' }]);
    expect(one.log.events).toEqual([]);
  });
});

describe('a typed value', () => {
  const schema = z.object({ label: z.string().transform((text) => text.length) });

  test('is what the schema makes of it', async () => {
    const { client } = twoProviders();
    const result = await client.execute({ code: 'p', value: schema });
    expect(result).toMatchObject({ status: 'completed', value: { label: 5 }, route: { steps: [{ outcome: 'used' }] } });
  });

  test('that does not fit is a program that failed', async () => {
    const { client } = twoProviders();
    const result = await client.execute({ code: 'p', value: z.object({ label: z.number() }) });
    expect(result).toMatchObject({ status: 'failed', error: { type: 'ValueSchemaError' }, replayed: false });
  });

  test('needs a schema, and is refused before anything is asked', async () => {
    const { client, settings } = twoProviders();
    const error = await failureOf(client.execute({ code: 'p', value: 'a string' as never }));
    expect([error.code, error.details, settings.readCount]).toEqual(['REQUEST_INVALID', { field: 'value' }, 0]);
  });
});

describe('a stream', () => {
  test('ends with the result', async () => {
    const { client } = twoProviders();
    const events = [];
    for await (const event of client.stream({ code: 'p' })) events.push(event);
    expect(events).toMatchObject([{ type: 'result', result: { status: 'completed', providerId: 'one' } }]);
  });

  test('throws in the loop what the call throws', async () => {
    const { client } = twoProviders({ 'sandbox.provider_type': 'nobody' });
    const stream = client.stream({ code: 'p' });
    const reading = async () => {
      for await (const event of stream) expect(event).toBeUndefined();
    };
    expect((await failureOf(reading())).code).toBe('PROVIDER_UNKNOWN');
  });
});

describe('a session', () => {
  const MANY = { one: { executionsPerSandbox: 'many' }, two: { executionsPerSandbox: 'many' } } as const;

  test('keeps the sandbox of its key from call to call, and remembers it for others', async () => {
    const { client, one, sessions } = remembering({}, MANY);
    const session = client.session('conversation-42', { language: 'python' });
    await session.execute({ code: 'a' });
    await client.session('conversation-42', { language: 'python' }).execute({ code: 'b' });
    expect(one.log.events).toEqual(['create first', 'createSandbox first', 'execute a', 'execute b']);
    expect([session.survivesRestart, session.origin, sessions.record?.providerId]).toEqual([true, 'created', 'one']);
  });

  test('is found by another client, with its files', async () => {
    const { client, sessions } = remembering({}, MANY);
    await client.session('k', { language: 'python' }).execute({ code: 'a' });
    await client.close();
    const other = remembering({}, MANY);
    Object.assign(other.settings, { sessions });
    const session = other.client.session('k', { language: 'python' });
    await session.execute({ code: 'b' });
    expect([session.origin, session.generation]).toEqual(['reconnected', 1]);
    expect(other.one.log.events).toContain('connectSandbox first fake-sandbox');
  });

  test('moves with the provider, and says that it has another sandbox', async () => {
    const { client, settings, two } = remembering({}, MANY);
    const session = client.session('k', { language: 'python' });
    await session.execute({ code: 'a' });
    settings.set({ 'sandbox.provider_type': 'two' });
    await client.refresh();
    await session.execute({ code: 'b' });
    expect([session.generation, two.log.events.filter(EXECUTES)]).toEqual([2, ['execute b']]);
  });

  test('destroyed, is forgotten', async () => {
    const { client, one, sessions } = remembering({}, MANY);
    const session = client.session('k', { language: 'python' });
    await session.execute({ code: 'a' });
    await session.destroy();
    expect([sessions.record, one.log.events.at(-1)]).toEqual([undefined, 'destroy first']);
  });
});
