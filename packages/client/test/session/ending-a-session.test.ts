import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../failure-of.ts';
import { SessionWorld } from './session-world.ts';

/** A program that runs until it is let go of, or its sandbox is over. */
function holdPrograms(world: SessionWorld) {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  world.onExecute = async (_, sandbox) => {
    await Promise.race([
      held,
      (async () => {
        while (sandbox.isOpen) await new Promise((resolve) => setTimeout(resolve, 2));
      })(),
    ]);
    if (!sandbox.isOpen) throw new SandboxError('SANDBOX_CLOSED', 'It ended under the program.');
    return undefined;
  };
  return { letGo: () => letGo() };
}

const began = (world: SessionWorld, code: string) => expect.poll(() => world.countOf(`execute ${code}`), { interval: 2 }).toBe(1);

describe('close', () => {
  test('lets go of the sandbox, which goes on for others', async () => {
    const world = new SessionWorld();
    const session = world.process('a').open();
    await session.writeFile('a', 'A');
    await session.close();
    expect([world.living, world.letGo, world.store.records.size, session.origin]).toEqual([['sandbox-1'], ['sandbox-1'], 1, undefined]);
    expect((await world.process('b').open().readFile('a')).byteLength).toBe(1);
  });

  test('waits for the calls that were made, and refuses others', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    const { letGo } = holdPrograms(world);
    const calls = [session.execute({ code: '1' }), session.execute({ code: '2' })];
    const closing = session.close();
    expect((await failureOf(session.execute({ code: '3' }))).code).toBe('SANDBOX_CLOSED');
    expect((await failureOf(session.readFileStream('a').next())).code).toBe('SANDBOX_CLOSED');
    expect((await failureOf(() => session.context('c'))).code).toBe('SANDBOX_CLOSED');
    await began(world, '1');
    expect(world.letGo).toEqual([]);
    letGo();
    await closing;
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(world.letGo).toEqual(['sandbox-1']);
  });

  test('is idempotent, does nothing where nothing was done, and comes with await using', async () => {
    const world = new SessionWorld();
    const { open } = world.process();
    {
      await using session = open();
      expect(session.generation).toBe(0);
    }
    const session = open();
    await session.writeFile('a', 'A');
    await Promise.all([session.close(), session.close()]);
    await session.close();
    expect([world.letGo, world.events.length]).toEqual([['sandbox-1'], 2]);
  });

  test('tells of a sandbox that could not be ended, and does not reject', async () => {
    const world = Object.assign(new SessionWorld(), { hasStore: false });
    const session = world.process().open();
    await session.writeFile('a', 'A');
    world.onDestroy = () => Promise.reject(new Error('gone'));
    await session.close();
    expect(world.warnings.map(({ operation }) => operation)).toEqual(['destroySandbox']);
  });
});

describe('destroy', () => {
  test('ends the sandbox and forgets it', async () => {
    const world = new SessionWorld();
    const { open } = world.process();
    const session = open();
    await session.writeFile('a', 'A');
    await session.destroy();
    await session.destroy();
    await session.close();
    expect([world.living, world.store.records.size, world.warnings]).toEqual([[], 0, []]);
    expect((await failureOf(session.readFile('a'))).code).toBe('SANDBOX_CLOSED');
    const again = open();
    expect((await failureOf(again.readFile('a'))).code).toBe('FILE_NOT_FOUND');
    expect([again.generation, again.origin]).toEqual([1, 'created']);
  });

  test('ends the call that runs, and those that wait get no other sandbox', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    holdPrograms(world);
    const calls = [failureOf(session.execute({ code: '1' })), failureOf(session.execute({ code: '2' }))];
    await began(world, '1');
    await session.destroy();
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(['SANDBOX_CLOSED', 'SANDBOX_CLOSED']);
    expect([world.far.length, world.living, world.countOf('execute 2')]).toEqual([1, [], 0]);
  });

  test('while the sandbox is being made ends it as soon as it is there', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    let isAsked = false;
    let letGo: () => void = () => undefined;
    world.onCreate = () => {
      isAsked = true;
      return new Promise((resolve) => {
        letGo = resolve;
      });
    };
    const call = failureOf(session.execute({ code: '1' }));
    await expect.poll(() => isAsked, { interval: 2 }).toBe(true);
    const destroying = session.destroy();
    letGo();
    await destroying;
    expect((await call).code).toBe('SANDBOX_CLOSED');
    expect([world.countOf('execute 1'), world.living, world.store.records.size]).toEqual([0, [], 0]);
  });

  test('in a process that has not called yet finds the sandbox to end it', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    await world.process('b').open().destroy();
    expect([world.living, world.store.records.size]).toEqual([[], 0]);
  });

  test('ends the sandbox also when another process has taken it over', async () => {
    const world = new SessionWorld();
    const session = world.process('a').open();
    await session.writeFile('a', 'A');
    await world.process('b').open().readFile('a');
    await session.destroy();
    expect([world.living, world.store.records.size]).toEqual([[], 0]);
  });

  test('of a session without anything does nothing', async () => {
    const world = new SessionWorld();
    await world.process().open().destroy();
    await Object.assign(world, { hasStore: false }).process().open().destroy();
    expect(world.events).toEqual([]);
  });

  test('forgets a sandbox that is out of reach, on a provider that is not active', async () => {
    const world = new SessionWorld();
    await world.process('a').open().writeFile('a', 'A');
    world.active = { providerId: 'e2b', configDigest: 'two' };
    await world.process('b').open().destroy();
    expect([world.living, world.store.records.size]).toEqual([['sandbox-1'], 0]);
  });

  test('that fails keeps the record, and may be called again', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    await session.writeFile('a', 'A');
    const failure = new SandboxError('PROVIDER_UNAVAILABLE', 'The engine is down.');
    world.onDestroy = () => Promise.reject(failure);
    expect(await failureOf(session.destroy())).toBe(failure);
    expect(world.store.records.size).toBe(1);
    world.onDestroy = () => Promise.resolve();
    await session.destroy();
    expect([world.living, world.store.records.size]).toEqual([[], 0]);
  });

  test('that its caller withdraws while a call runs leaves the rest to another', async () => {
    const world = new SessionWorld();
    const session = world.process().open();
    world.onExecute = () => new Promise((resolve) => setTimeout(() => resolve(undefined), 20));
    const call = session.execute({ code: '1' });
    await began(world, '1');
    const withdrawn = failureOf(session.destroy({ signal: AbortSignal.abort() }));
    expect((await withdrawn).code).toBe('CANCELLED');
    await call;
    await session.destroy();
    expect(world.store.records.size).toBe(0);
  });
});

describe('several in one process who ask for the same key', () => {
  test('have the same sandbox, and take turns', async () => {
    const world = new SessionWorld();
    const { open } = world.process();
    const [one, other] = [open(), open()];
    await Promise.all([one.writeFile('a', 'A'), other.readFile('a')]);
    expect(world.events).toEqual(['a: create sandbox-1', 'a: writeFile a', 'a: readFile a']);
    expect([one.generation, other.generation, other.origin]).toEqual([1, 1, 'created']);
  });

  test('keep it until the last is done', async () => {
    const world = Object.assign(new SessionWorld(), { hasStore: false });
    const { open } = world.process();
    const [one, other] = [open(), open()];
    await one.writeFile('a', 'A');
    await one.close();
    await one.close();
    expect((await other.readFile('a')).byteLength).toBe(1);
    await other.close();
    expect(world.living).toEqual([]);
  });

  test('lose it together when one destroys it', async () => {
    const world = new SessionWorld();
    const { open } = world.process();
    const [one, other] = [open(), open()];
    await one.writeFile('a', 'A');
    await one.destroy();
    expect((await failureOf(other.readFile('a'))).code).toBe('SANDBOX_CLOSED');
    await other.close();
    await open().writeFile('b', 'B');
    expect(world.living).toEqual(['sandbox-2']);
  });

  test('after one another do not meet: the next begins when the former is gone', async () => {
    const world = new SessionWorld();
    const { open } = world.process();
    const session = open();
    const { letGo } = holdPrograms(world);
    const call = session.execute({ code: '1' });
    const closing = session.close();
    const next = open().writeFile('a', 'A');
    await began(world, '1');
    expect(world.countOf('connect sandbox-1')).toBe(0);
    letGo();
    await Promise.all([call, closing, next]);
    expect(world.events.slice(1)).toEqual(['a: execute 1', 'a: connect sandbox-1', 'a: writeFile a']);
  });

  test('must ask for the same', async () => {
    const { open } = new SessionWorld().process();
    open({ limits: { cpus: 1 } });
    expect(() => open({ limits: { cpus: 1 } })).not.toThrow();
    for (const [options, field] of [
      [{ limits: { cpus: 2 } }, 'limits'],
      [{ limits: { cpus: 1 }, lifetimeMs: 1000 }, 'lifetimeMs'],
      [{ limits: { cpus: 1 }, language: 'javascript' }, 'language'],
    ] as const) {
      const error = await failureOf(() => open(options));
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
    }
  });

  test('for other tenants, and other keys, are others', async () => {
    const world = new SessionWorld();
    const { open } = world.process();
    await Promise.all([open().sandbox(), open({ tenant: 'acme' }).sandbox(), open({}, 'conversation-43').sandbox()]);
    expect(new Set(world.living).size).toBe(3);
    for (const key of ['', 'k'.repeat(256), '\ud800']) {
      const error = await failureOf(() => open({}, key));
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'key' }]);
    }
  });
});

describe('closing them all', () => {
  test('waits for what runs, lets go of every sandbox and opens no more', async () => {
    const world = new SessionWorld();
    const { open, registry } = world.process();
    const sessions = [open(), open({}, 'conversation-43')];
    for (const session of sessions) await session.writeFile('a', 'A');
    const { letGo } = holdPrograms(world);
    const call = sessions[0]?.execute({ code: '1' });
    const closing = registry.close();
    expect((await failureOf(() => open())).code).toBe('SANDBOX_CLOSED');
    expect((await failureOf(async () => sessions[1]?.readFile('a'))).code).toBe('SANDBOX_CLOSED');
    await began(world, '1');
    letGo();
    await closing;
    expect((await call)?.status).toBe('completed');
    expect(world.letGo.toSorted()).toEqual(['sandbox-1', 'sandbox-2']);
    await registry.close();
    await sessions[0]?.close();
  });
});
