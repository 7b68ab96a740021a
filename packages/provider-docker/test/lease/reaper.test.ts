import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DockerEngine } from '../../src/engine/docker-engine.ts';
import { Reaper } from '../../src/lease/reaper.ts';
import { DOCKER_ANSWERS, FakeEngine } from '../engine/fake-engine.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-reaper-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a container that is owed', () => {
  it('is looked for once more after it was not there: its engine may have been slow to make it', async () => {
    const removals: string[] = [];
    const remove = (request: IncomingMessage, response: ServerResponse): void => {
      removals.push(request.url ?? '');
      response.statusCode = removals.length === 1 ? 404 : 204;
      response.end(removals.length === 1 ? '{"message":"no such container"}' : undefined);
    };
    await new FakeEngine({ ...DOCKER_ANSWERS, 'DELETE /containers/sandport-a-1': remove }).listen(join(folder, 'engine.sock'));
    const failures: unknown[] = [];
    const engine = new DockerEngine({ dockerHost: `unix://${join(folder, 'engine.sock')}` });
    const reaper = new Reaper({ engine, onFailure: (error) => failures.push(error) });
    reaper.owe('sandport-a-1');
    await vi.waitFor(() => expect(removals).toHaveLength(1), { timeout: 10_000 });
    await reaper.close();
    expect([removals.length, failures]).toEqual([2, []]);
  });
});
