import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import type { SessionSandboxEvent } from '../../src/session/session-host.ts';
import { failureOf } from '../failure-of.ts';
import { endedResult } from '../value/sample-result.ts';
import { SessionWorld } from './session-world.ts';

const unavailable = new SandboxError('PROVIDER_UNAVAILABLE', 'The connection was lost.');

/** A session that has its sandbox, with a file in it. */
async function begun(options: { canReconnect?: boolean; executesOnce?: boolean } = {}) {
  const world = Object.assign(new SessionWorld(), options);
  const { open } = world.process();
  const seen: SessionSandboxEvent[] = [];
  const session = open({ onSandbox: (event) => seen.push(event) });
  await session.writeFile('kept', 'K');
  world.events.length = 0;
  return { world, open, session, seen };
}

describe('another configuration', () => {
  test('moves the next call to a new sandbox, and ends the former one', async () => {
    const { world, session, seen } = await begun();
    world.active = { providerId: 'e2b', configDigest: 'two' };
    expect((await session.execute({ code: 'p' })).status).toBe('completed');
    expect([session.origin, session.generation]).toEqual(['created', 2]);
    expect(world.living).toEqual(['sandbox-2']);
    expect([world.store.record?.providerId, world.store.record?.sandboxId]).toEqual(['e2b', 'sandbox-2']);
    expect(seen).toEqual([
      { origin: 'created', generation: 1, sandboxId: 'sandbox-1', providerId: 'docker' },
      { origin: 'created', generation: 2, sandboxId: 'sandbox-2', providerId: 'e2b' },
    ]);
  });

  test('leaves a call that runs alone', async () => {
    const { world, session } = await begun();
    world.onExecute = async ({ code }) => {
      if (code === 'first') world.active = { providerId: 'e2b', configDigest: 'two' };
      await new Promise((resolve) => setTimeout(resolve, 10));
      return undefined;
    };
    const results = await Promise.all([session.execute({ code: 'first' }), session.execute({ code: 'second' })]);
    expect(results.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(world.far.map(({ executions }) => executions)).toEqual([1, 1]);
  });

  test('holds no call up for the end of the former sandbox, which closing waits for', async () => {
    const { world, session } = await begun();
    world.active = { providerId: 'e2b', configDigest: 'two' };
    world.onDestroy = () => new Promise((resolve) => setTimeout(resolve, 50));
    await session.writeFile('a', 'A');
    expect(world.living).toEqual(['sandbox-1', 'sandbox-2']);
    await session.close();
    expect(world.living).toEqual(['sandbox-2']);
  });

  test('whose sandbox happens to have the same id ends the former one all the same', async () => {
    const { world, session } = await begun();
    world.active = { providerId: 'e2b', configDigest: 'two' };
    world.nextId = 'sandbox-1';
    await session.writeFile('a', 'A');
    expect([session.generation, world.far.map(({ providerId, lives }) => [providerId, lives])]).toEqual([
      2,
      [
        ['docker', false],
        ['e2b', true],
      ],
    ]);
  });

  test('on which no sandbox can be had keeps the former one for the case that it comes back', async () => {
    const { world, session } = await begun();
    const { active } = world;
    world.active = { providerId: 'e2b', configDigest: 'two' };
    const full = new SandboxError('CAPACITY_EXHAUSTED', 'full');
    world.onCreate = () => Promise.reject(full);
    expect(await failureOf(session.readFile('kept'))).toBe(full);
    world.active = active;
    expect((await session.readFile('kept')).byteLength).toBe(1);
    expect(session.generation).toBe(1);
  });

  test('whose former sandbox cannot be ended is told of, and the call is carried out', async () => {
    const { world, session } = await begun();
    world.active = { providerId: 'e2b', configDigest: 'two' };
    world.onDestroy = () => Promise.reject(unavailable);
    await session.writeFile('a', 'A');
    await session.close();
    expect(world.warnings.map(({ operation, cause }) => [operation, cause])).toEqual([['destroySandbox', unavailable]]);
  });
});

describe('a sandbox that has ended', () => {
  test('under a call is never replaced for that call: it throws, and the next one gets another', async () => {
    const { world, session } = await begun();
    let runs = 0;
    world.onExecute = (_, sandbox) => {
      runs += 1;
      if (runs > 1) return Promise.resolve(undefined);
      sandbox.far.lives = false;
      return Promise.reject(new SandboxError('SANDBOX_CLOSED', 'It ended.'));
    };
    expect((await failureOf(session.execute({ code: 'p' }))).code).toBe('SANDBOX_CLOSED');
    expect([runs, session.origin]).toEqual([1, undefined]);
    expect((await session.execute({ code: 'q' })).status).toBe('completed');
    expect([runs, session.generation, session.origin, world.living]).toEqual([2, 2, 'created', ['sandbox-2']]);
  });

  test('while nothing was asked of it is replaced before the next call, which does not fail', async () => {
    const { world, session } = await begun();
    world.expire();
    world.timeMs += 10_000;
    expect((await session.execute({ code: 'p' })).status).toBe('completed');
    expect([session.generation, world.events]).toEqual([2, ['a: probe', 'a: connect sandbox-1', 'a: create sandbox-2', 'a: execute p']]);
  });

  test.each(['timed-out', 'out-of-memory', 'output-limit-exceeded', 'cancelled', 'killed'] as const)(
    'with a program that was %s is replaced before the next call',
    async (status) => {
      const { world, session } = await begun();
      world.onExecute = (_, sandbox) => {
        sandbox.far.lives = false;
        return Promise.resolve(endedResult(status));
      };
      expect((await session.execute({ code: 'p' })).status).toBe(status);
      world.onExecute = () => Promise.resolve(undefined);
      expect((await session.execute({ code: 'q' })).status).toBe('completed');
      expect(session.generation).toBe(2);
    },
  );

  test('is not looked for when there is no reason', async () => {
    const { world, session } = await begun();
    world.timeMs += 9999;
    await session.execute({ code: 'p' });
    await failureOf(session.readFile('none'));
    await session.readFile('kept');
    expect(world.countOf('probe')).toBe(0);
  });

  test('is looked for once: the sandbox lives, and stays', async () => {
    const { world, session } = await begun();
    world.onExecute = () => Promise.resolve(endedResult('timed-out'));
    await session.execute({ code: 'p' });
    await session.readFile('kept');
    await session.readFile('kept');
    expect([world.countOf('probe'), session.generation]).toEqual([1, 1]);
  });

  test('and that nobody else can find is let go of by the provider too', async () => {
    const { world, session } = await begun({ canReconnect: false });
    world.expire();
    expect((await failureOf(session.readFile('kept'))).code).toBe('SANDBOX_CLOSED');
    await session.writeFile('a', 'A');
    expect([world.countOf('destroy sandbox-1'), world.letGo, session.generation]).toEqual([1, [], 2]);
  });
});

describe('a sandbox that cannot be reached', () => {
  test('is connected to anew where that is possible, with its files', async () => {
    const { world, session, seen } = await begun();
    world.onExecute = () => Promise.reject(unavailable);
    expect(await failureOf(session.execute({ code: 'p' }))).toBe(unavailable);
    world.onProbe = () => Promise.reject(unavailable);
    expect((await session.readFile('kept')).byteLength).toBe(1);
    expect(world.events).toEqual(['a: execute p', 'a: probe', 'a: connect sandbox-1', 'a: readFile kept']);
    expect([session.origin, session.generation, seen.length, world.letGo]).toEqual(['reconnected', 1, 2, ['sandbox-1']]);
  });

  test('is tried all the same where it is not, and looked at again', async () => {
    const { world, session } = await begun({ canReconnect: false });
    world.onExecute = () => Promise.reject(new Error('of the output listener'));
    await expect(session.execute({ code: 'p' })).rejects.toThrow('of the output listener');
    world.onProbe = () => Promise.reject(unavailable);
    await session.readFile('kept');
    world.onProbe = () => Promise.resolve();
    await session.readFile('kept');
    await session.readFile('kept');
    expect([world.countOf('probe'), session.generation]).toEqual([2, 1]);
  });

  test('since its caller withdrew the call is not looked for any further', async () => {
    const { world, session } = await begun();
    world.timeMs += 10_000;
    const cancelled = new SandboxError('CANCELLED', 'The provider saw the abort.');
    world.onProbe = () => Promise.reject(cancelled);
    expect(await failureOf(session.readFile('kept'))).toBe(cancelled);
    expect(world.countOf('readFile kept')).toBe(0);
  });

  test('where files are not supported is taken for alive', async () => {
    const { world, session } = await begun();
    world.timeMs += 10_000;
    world.onProbe = () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'no files'));
    await session.execute({ code: 'p' });
    expect(session.generation).toBe(1);
  });
});

describe('another process that works on the session', () => {
  test('takes the sandbox over, and it is taken back by the call after the one that notices', async () => {
    const { world, session } = await begun();
    const other = world.process('b').open();
    await other.writeFile('b', 'B');
    expect((await failureOf(session.readFile('b'))).code).toBe('SANDBOX_CLOSED');
    expect((await session.readFile('b')).byteLength).toBe(1);
    expect([session.origin, session.generation, world.living]).toEqual(['reconnected', 1, ['sandbox-1']]);
    expect((await failureOf(other.readFile('b'))).code).toBe('SANDBOX_CLOSED');
  });
});

describe('a provider whose sandboxes execute once', () => {
  test('gives each execution a sandbox of its own, with the files that were written for it', async () => {
    const { world, session } = await begun({ canReconnect: false, executesOnce: true });
    await session.execute({ code: 'p' });
    expect((await session.readFile('kept')).byteLength).toBe(1);
    await session.execute({ code: 'q' });
    expect([session.generation, world.living]).toEqual([2, ['sandbox-2']]);
    expect(world.events).toEqual(['a: execute p', 'a: readFile kept', 'a: destroy sandbox-1', 'a: create sandbox-2', 'a: execute q']);
  });
});

test('a listener that fails disturbs nothing, and is told of', async () => {
  const world = new SessionWorld();
  const fault = new Error('of the listener');
  const session = world.process().open({
    onSandbox: () => {
      throw fault;
    },
  });
  await session.writeFile('a', 'A');
  expect(world.warnings.map(({ code, cause }) => [code, cause])).toEqual([['INTERNAL', fault]]);
});
