import { Buffer } from 'node:buffer';
import { inspect } from 'node:util';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../failure-of.ts';
import { SessionWorld } from './session-world.ts';

const HOUR_MS = 3_600_000;
const down = new SandboxError('SETTINGS_UNAVAILABLE', 'The database is down.');

describe('the first call of a session', () => {
  test('makes a sandbox with its options, and not before', async () => {
    const world = new SessionWorld();
    const session = world.process().open({ tenant: 'acme', lifetimeMs: HOUR_MS, limits: { cpus: 1 } });
    expect([session.key, session.language, session.origin, session.generation, session.survivesRestart]).toEqual([
      'conversation-42',
      'python',
      undefined,
      0,
      false,
    ]);
    expect([world.events, world.store.operations]).toEqual([[], []]);
    await session.writeFile('a', 'A');
    expect(world.events).toEqual(['a: create sandbox-1', 'a: writeFile a']);
    expect(world.wishes).toEqual([
      { options: { language: 'python', tenant: 'acme', lifetimeMs: HOUR_MS, limits: { cpus: 1 } }, wantsReconnect: true },
    ]);
    expect([session.origin, session.generation, session.survivesRestart]).toEqual(['created', 1, true]);
  });

  test('records it under a digest for as long as it may live, and an hour', async () => {
    const world = new SessionWorld();
    await world.process().open({ lifetimeMs: HOUR_MS }).writeFile('a', 'A');
    expect(world.store.record).toEqual({
      revision: 1,
      providerId: 'docker',
      configDigest: 'one',
      sandboxId: 'sandbox-1',
      language: 'python',
      rememberMs: 2 * HOUR_MS,
    });
    expect(inspect(world.store.records)).not.toContain('conversation');
  });

  test.each([
    ['its own end', 600_000, HOUR_MS + 590_000, HOUR_MS + 600_000],
    ['no end', null, 25 * HOUR_MS, 25 * HOUR_MS],
    ['an end that a clock has put in the past', -1000, HOUR_MS, HOUR_MS],
    ['an end that a clock has put in a far future', 1e15, 721 * HOUR_MS, 721 * HOUR_MS],
  ])('remembers a sandbox that has %s accordingly', async (_, expiresInMs, least, most) => {
    const world = new SessionWorld();
    world.expiresAtMs = expiresInMs === null ? null : Date.now() + expiresInMs;
    await world.process().open().writeFile('a', 'A');
    expect(world.store.record?.rememberMs).toBeGreaterThanOrEqual(least);
    expect(world.store.record?.rememberMs).toBeLessThanOrEqual(most);
  });

  test('finds the sandbox of a process that is gone, with its files', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    const session = world.process('b').open();
    expect(Buffer.from(await session.readFile('a')).toString()).toBe('A');
    expect([session.origin, session.generation, session.survivesRestart]).toEqual(['reconnected', 1, true]);
    expect(world.events.slice(2)).toEqual(['b: connect sandbox-1', 'b: readFile a']);
  });

  test('makes another one when that is gone, in its place', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    world.expire();
    const session = world.process('b').open();
    expect((await failureOf(session.readFile('a'))).code).toBe('FILE_NOT_FOUND');
    expect([session.origin, world.store.record?.sandboxId, world.store.record?.revision]).toEqual(['created', 'sandbox-2', 2]);
  });

  test('makes another one when that is of another configuration', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    world.active = { providerId: 'docker', configDigest: 'two' };
    const session = world.process('b').open();
    await session.writeFile('b', 'B');
    expect([session.origin, world.store.record?.configDigest, world.store.record?.sandboxId]).toEqual(['created', 'two', 'sandbox-2']);
  });

  test('does not take a failure to connect for a sandbox that is gone', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    const failure = new SandboxError('PROVIDER_UNAVAILABLE', 'The engine is down.');
    world.onConnect = () => Promise.reject(failure);
    const session = world.process('b').open();
    expect(await failureOf(session.readFile('a'))).toBe(failure);
    expect(world.far).toHaveLength(1);
    world.onConnect = () => Promise.resolve();
    expect((await session.readFile('a')).byteLength).toBe(1);
  });

  test('refuses a session that has a sandbox of another language, until that is destroyed', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    const session = world.process('b').open({ language: 'javascript' });
    const error = await failureOf(session.writeFile('a', 'A'));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'language' }]);
    await session.destroy();
    expect([world.living, world.store.records.size]).toEqual([[], 0]);
    await world.process('b').open({ language: 'javascript' }).writeFile('a', 'A');
    expect(world.living).toEqual(['sandbox-2']);
  });
});

describe('two processes that make one at the same moment', () => {
  test('share that of the first: the other ends its own', async () => {
    const world = new SessionWorld();
    let created = 0;
    let release: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.onCreate = () => {
      created += 1;
      if (created === 2) release();
      return both;
    };
    const sessions = [world.process('a').open(), world.process('b').open()];
    await Promise.all(sessions.map((session) => session.sandbox()));
    expect(world.living).toEqual([world.store.record?.sandboxId]);
    expect(new Set(sessions.map(({ origin }) => origin))).toEqual(new Set(['created', 'reconnected']));
    expect(sessions.map(({ generation }) => generation)).toEqual([1, 1]);
    expect(world.warnings).toEqual([]);
  });

  test('again and again is told in the end, and nothing is left of it', async () => {
    const world = new SessionWorld();
    // Each time somebody else's record is there, and his sandbox is gone by the time one looks.
    world.store.replace = () => Promise.resolve(undefined);
    const error = await failureOf(world.process().open().sandbox());
    expect([error.code, error.retryable, world.living, world.far.length]).toEqual(['SETTINGS_UNAVAILABLE', true, [], 5]);
  });
});

describe('where nobody else can find the sandbox', () => {
  test.each([
    ['there is no store', { hasStore: false }, false],
    ['the provider cannot reconnect', { canReconnect: false }, true],
  ])('since %s, it is kept by this process, and ended with the session', async (_, world, wantsReconnect) => {
    const subject = Object.assign(new SessionWorld(), world);
    const session = subject.process().open();
    await session.writeFile('a', 'A');
    expect((await session.readFile('a')).byteLength).toBe(1);
    expect([session.origin, session.survivesRestart, subject.wishes[0]?.wantsReconnect]).toEqual(['created', false, wantsReconnect]);
    expect([subject.store.records.size, subject.letGo]).toEqual([0, []]);
    await session.close();
    expect(subject.living).toEqual([]);
  });

  test('the record of a former one is forgotten', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    world.active = { providerId: 'e2b', configDigest: 'two' };
    world.canReconnect = false;
    await world.process('b').open().writeFile('b', 'B');
    expect([world.store.records.size, world.warnings]).toEqual([0, []]);
  });

  test('a record that cannot be forgotten is told of', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    world.active = { providerId: 'e2b', configDigest: 'two' };
    world.canReconnect = false;
    world.store.before = (operation) => (operation === 'remove' ? Promise.reject(down) : Promise.resolve());
    await world.process('b').open().writeFile('b', 'B');
    expect(world.warnings.map(({ operation, cause }) => [operation, cause])).toEqual([['forgetSession', down]]);
  });
});

describe('a database that is down', () => {
  test('leaves a session that has its sandbox alone', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    await session.writeFile('a', 'A');
    world.store.before = () => Promise.reject(down);
    expect((await session.readFile('a')).byteLength).toBe(1);
  });

  test('leaves a session its sandbox where there is none that another process could have', async () => {
    const world = new SessionWorld();
    world.canReconnect = false;
    world.store.before = () => Promise.reject(down);
    const session = world.process().open();
    await session.writeFile('a', 'A');
    expect([session.survivesRestart, world.wishes[0]?.wantsReconnect, world.living]).toEqual([false, false, ['sandbox-1']]);
  });

  test('makes no second sandbox of a session', async () => {
    const world = new SessionWorld();
    world.store.before = () => Promise.reject(down);
    expect(await failureOf(world.process().open().sandbox())).toBe(down);
    expect(world.far).toEqual([]);
  });

  test.each(['before', 'after'] as const)('just %s a new sandbox is recorded ends that, and the next call gets one', async (moment) => {
    const world = new SessionWorld();
    const fault = new TypeError('a fault of the driver');
    world.store[moment] = (operation) => (operation === 'replace' ? Promise.reject(fault) : Promise.resolve());
    const session = world.process().open();
    const error = await failureOf(session.sandbox());
    expect([error.code, error.cause, world.living]).toEqual(['SETTINGS_UNAVAILABLE', fault, []]);
    world.store[moment] = () => Promise.resolve();
    await session.writeFile('a', 'A');
    expect([world.living, world.store.record?.sandboxId]).toEqual([['sandbox-2'], 'sandbox-2']);
  });
});

describe('a caller that withdraws', () => {
  test('while the sandbox is looked for gets an answer at once', async () => {
    const world = new SessionWorld();
    const controller = new AbortController();
    world.store.before = () => {
      controller.abort('enough');
      return new Promise(() => undefined);
    };
    const error = await failureOf(world.process().open().sandbox({ signal: controller.signal }));
    expect([error.code, error.cause, world.far]).toEqual(['CANCELLED', 'enough', []]);
  });

  test('while the sandbox is recorded leaves none behind', async () => {
    const world = new SessionWorld();
    const controller = new AbortController();
    world.store.before = (operation) => {
      if (operation === 'replace') controller.abort();
      return Promise.resolve();
    };
    expect((await failureOf(world.process().open().sandbox({ signal: controller.signal }))).code).toBe('CANCELLED');
    expect(world.living).toEqual([]);
  });

  test('is heard by the provider', async () => {
    const world = new SessionWorld();
    const cancelled = new SandboxError('CANCELLED', 'The provider saw the abort.');
    const controller = new AbortController();
    world.onCreate = async ({ signal }) => {
      setImmediate(() => controller.abort());
      await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
      throw cancelled;
    };
    expect(await failureOf(world.process().open().sandbox({ signal: controller.signal }))).toBe(cancelled);
  });
});
