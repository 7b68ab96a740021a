import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DockerEngine } from '../../src/engine/docker-engine.ts';
import { EngineEvents } from '../../src/engine/engine-events.ts';
import { FakeEngine } from './fake-engine.ts';

let path: string;
let streams: ServerResponse[];

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'sandport-events-'));
  path = join(folder, 'engine.sock');
  streams = [];
  return () => rmSync(folder, { recursive: true });
});

function startFake(): Promise<FakeEngine> {
  return new FakeEngine({
    'GET /events': (_request, response) => {
      response.flushHeaders();
      streams.push(response);
    },
  }).listen(path);
}

function tell(action: string, id: string, attributes: Record<string, string> = {}): void {
  streams.at(-1)?.write(`${JSON.stringify({ Action: action, Actor: { ID: id, Attributes: attributes } })}\n`);
}

function listen(onLost = (): void => undefined): EngineEvents {
  return new EngineEvents({ engine: new DockerEngine({ dockerHost: `unix://${path}` }), label: 'a=b', onLost });
}

describe('EngineEvents', () => {
  it('tells how a container ended, and whether somebody ordered it', async () => {
    await startFake();
    const events = listen();
    await events.open();
    tell('oom', 'one');
    tell('die', 'one', { exitCode: '137' });
    tell('kill', 'two', { signal: '9' });
    tell('die', 'two', { exitCode: '137' });
    tell('destroy', 'two');
    expect(await events.endOf('one')).toEqual({ exitCode: 137, outOfMemory: true, isOrdered: false });
    expect(await events.endOf('two')).toEqual({ exitCode: 137, outOfMemory: false, isOrdered: true });
    expect(await events.isRemovedWithin('two', 1_000)).toBe(true);
    events.close();
  });

  it('opens again by itself while something is watched, and says that it was lost', async () => {
    const first = await startFake();
    const onLost = vi.fn();
    const events = listen(onLost);
    await events.open();
    events.watch('one');
    await first.stop();
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1));
    await startFake();
    await vi.waitFor(() => expect(streams).toHaveLength(2), { timeout: 10_000 });
    tell('destroy', 'late');
    expect(await events.isRemovedWithin('late', 5_000)).toBe(true);
    events.close();
  });

  it('claims no end of a container over a lost connection, also when the engine tells one later', async () => {
    const first = await startFake();
    const events = listen();
    await events.open();
    const end = events.endOf('one');
    await first.stop();
    expect(await end).toBeNull();
    await startFake();
    await events.open();
    tell('die', 'one', { exitCode: '137' });
    tell('destroy', 'other');
    expect(await events.isRemovedWithin('other', 5_000)).toBe(true);
    expect(await events.endOf('one')).toBeNull();
    events.close();
  });

  it('stays closed when it was closed', async () => {
    await startFake();
    const onLost = vi.fn();
    const events = listen(onLost);
    await events.open();
    events.watch('one');
    events.close();
    await vi.waitFor(() => expect(streams[0]?.destroyed).toBe(true));
    expect([streams.length, onLost.mock.calls.length]).toEqual([1, 0]);
  });
});
