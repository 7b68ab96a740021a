import { getEventListeners } from 'node:events';
import { parseExecutionRequest, SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../failure-of.ts';
import { SessionWorld } from './session-world.ts';

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('calls of a session', () => {
  test('run one after the other, in the order in which they were made', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    let running = 0;
    world.onExecute = async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      return undefined;
    };
    await Promise.all([session.execute({ code: '1' }), session.writeFile('a', 'A'), session.execute({ code: '2' }), session.readFile('a')]);
    expect(world.events.slice(1)).toEqual(['a: execute 1', 'a: writeFile a', 'a: execute 2', 'a: readFile a']);
  });

  test('that fail let the next one through', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    const outcomes = await Promise.allSettled([session.readFile('none'), session.writeFile('a', 'A'), session.readFile('a')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  test('that are withdrawn while they wait are left out', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    const { opened, open } = gate();
    world.onExecute = () => opened.then(() => undefined);
    const first = session.execute({ code: '1' });
    const controller = new AbortController();
    const second = failureOf(session.execute({ code: '2' }, { signal: controller.signal }));
    const third = session.execute({ code: '3' });
    controller.abort('enough');
    const error = await second;
    expect([error.code, error.cause]).toEqual(['CANCELLED', 'enough']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(world.countOf('execute 3')).toBe(0);
    open();
    await Promise.all([first, third]);
    expect(world.events.slice(1)).toEqual(['a: execute 1', 'a: execute 3']);
    expect((await failureOf(session.execute({ code: '4' }, { signal: AbortSignal.abort() }))).code).toBe('CANCELLED');
  });

  test('that read a stream keep the others waiting until it is read or let go of', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    await session.writeFile('a', 'abc');
    let isWritten = false;
    for await (const piece of session.readFileStream('a')) {
      void session.writeFile('b', 'B').then(() => (isWritten = true));
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect([piece, isWritten]).toEqual([new Uint8Array([97]), false]);
      break;
    }
    await expect.poll(() => isWritten, { interval: 2 }).toBe(true);
    const pieces: Uint8Array[] = [];
    for await (const piece of session.readFileStream('a')) pieces.push(piece);
    expect(pieces).toHaveLength(3);
  });

  test('that find the sandbox ended while they read a stream make the next one get another', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    await session.writeFile('a', 'abc');
    const read = async () => {
      for await (const _ of session.readFileStream('a')) world.expire();
    };
    expect((await failureOf(read())).code).toBe('SANDBOX_CLOSED');
    await session.writeFile('a', 'abc');
    expect(session.generation).toBe(2);
  });
});

describe('a request', () => {
  test('need not name language and tenant: they are those of the session', async () => {
    const world = new SessionWorld();
    const session = world.process().open({ language: 'javascript', tenant: 'acme' });
    const seen: string[] = [];
    world.onExecute = ({ language, tenant }) => {
      seen.push(language, tenant);
      return Promise.resolve(undefined);
    };
    await session.execute({ code: 'p' });
    await session.execute({ code: 'p', language: 'JS', tenant: 'acme' });
    await session.execute(parseExecutionRequest({ code: 'p', language: 'node', tenant: 'acme' }));
    expect(seen).toEqual(['javascript', 'acme', 'javascript', 'acme', 'javascript', 'acme']);
  });

  test.each([
    ['another language', { code: 'p', language: 'javascript' }, 'language'],
    ['another tenant', { code: 'p', tenant: 'acme' }, 'tenant'],
    ['a checked request of another tenant', parseExecutionRequest({ code: 'p', tenant: 'acme' }), 'tenant'],
    ['a broken limit', { code: 'p', limits: { timeoutMs: 0 } }, 'limits.timeoutMs'],
    ['nothing', null, 'request'],
    ['a text', 'print(1)', 'request'],
  ])('with %s is refused before anything is made', async (_, request, field) => {
    const world = new SessionWorld();
    const error = await failureOf(
      world
        .process()
        .open()
        .execute(request as { code: string }),
    );
    expect([error.code, error.details, world.events]).toEqual(['REQUEST_INVALID', { field }, []]);
  });
});

describe('a context', () => {
  test('is made, found by its id also after a restart, and ended', async () => {
    const world = new SessionWorld();
    const context = await world.process('a').open().createContext();
    await context.execute({ code: '1' });
    const again = world.process('b').open().context(context.id);
    expect((await again.execute({ code: '2' })).status).toBe('completed');
    await again.destroy();
    expect((await failureOf(again.execute({ code: '3' }))).code).toBe('CONTEXT_CLOSED');
    expect(world.events).toContain('b: destroyContext context-1');
  });

  test('of a sandbox that is gone says so, and makes no variables up', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    const context = await session.createContext();
    world.active = { providerId: 'e2b', configDigest: 'two' };
    expect((await failureOf(context.execute({ code: '1' }))).code).toBe('CONTEXT_CLOSED');
    expect(session.generation).toBe(2);
  });

  test('takes its turn, but is interrupted and ended at once', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    const context = await session.createContext();
    const { opened, open } = gate();
    world.onExecute = () => opened.then(() => undefined);
    const cell = context.execute({ code: '1' });
    const write = session.writeFile('a', 'A');
    await expect.poll(() => world.countOf('cell 1'), { interval: 2 }).toBe(1);
    await context.interrupt();
    await context[Symbol.asyncDispose]();
    expect(world.events.slice(-3)).toEqual(['a: cell 1', 'a: interrupt context-1', 'a: destroyContext context-1']);
    open();
    await Promise.all([cell, write]);
  });

  test('can be ended without a call before, and there is nothing to interrupt then', async () => {
    const world = new SessionWorld();
    const { id } = await world.process('a').open().createContext();
    const context = world.process('b').open().context(id);
    await context.interrupt();
    expect(world.countOf(`interrupt ${id}`)).toBe(0);
    await context.destroy();
    expect(world.far[0]?.contexts).toEqual(new Set());
  });
});

test('the sandbox itself can be had', async () => {
  const world = new SessionWorld();
  const session = world.process().open();
  const sandbox = await session.sandbox();
  await session.writeFile('a', 'A');
  expect([sandbox.id, (await sandbox.readFile('a')).byteLength, await session.sandbox()]).toEqual(['sandbox-1', 1, sandbox]);
});

describe('extend', () => {
  test('puts the end of the sandbox off, and of what is remembered of it', async () => {
    const world = new SessionWorld();
    const session = world.process().open({ lifetimeMs: 1000 });
    await session.extend(7_200_000);
    expect([world.countOf('extend 7200000'), world.store.record?.rememberMs, world.store.record?.revision]).toEqual([1, 10_800_000, 2]);
    await session.extend(3_600_000);
    expect(world.store.record?.revision).toBe(3);
  });

  test('of a sandbox that is not recorded is that of the sandbox alone', async () => {
    const world = Object.assign(new SessionWorld(), { canReconnect: false });
    await world.process().open().extend(1000);
    expect([world.countOf('extend 1000'), world.store.records.size]).toEqual([1, 0]);
  });

  test('whose record cannot be written fails, and may be called again', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    await session.writeFile('a', 'A');
    const down = new SandboxError('SETTINGS_UNAVAILABLE', 'The database is down.');
    world.store.before = () => Promise.reject(down);
    expect(await failureOf(session.extend(1000))).toBe(down);
    world.store.before = () => Promise.resolve();
    await session.extend(1000);
    expect([world.store.record?.rememberMs, session.generation]).toEqual([3_601_000, 1]);
  });
});
