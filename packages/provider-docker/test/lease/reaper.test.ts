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

  it.each([
    ['is gone', 404],
    ['lets itself be removed after all', 204],
  ])('is asked about until it %s: an engine that says that it is removing it may not come to that', async (_end, status) => {
    const removals: string[] = [];
    const remove = (request: IncomingMessage, response: ServerResponse): void => {
      removals.push(request.url ?? '');
      response.statusCode = removals.length < 4 ? 409 : status;
      response.end(response.statusCode === 204 ? undefined : '{"message":"removal of container is already in progress"}');
    };
    await new FakeEngine({ ...DOCKER_ANSWERS, 'DELETE /containers/sandport-a-1': remove }).listen(join(folder, 'engine.sock'));
    await new DockerEngine({ dockerHost: `unix://${join(folder, 'engine.sock')}` }).removeContainer('sandport-a-1');
    expect(removals).toHaveLength(4);
  });

  it('is owed on when its engine goes on saying that it is removing it', async () => {
    let removals = 0;
    const remove = (_request: IncomingMessage, response: ServerResponse): void => {
      removals += 1;
      response.statusCode = removals <= 20 ? 409 : 204;
      response.end(removals <= 20 ? '{"message":"removal of container is already in progress"}' : undefined);
    };
    await new FakeEngine({ ...DOCKER_ANSWERS, 'DELETE /containers/sandport-a-1': remove }).listen(join(folder, 'engine.sock'));
    const failures: unknown[] = [];
    const engine = new DockerEngine({ dockerHost: `unix://${join(folder, 'engine.sock')}` });
    const reaper = new Reaper({ engine, onFailure: (error) => failures.push(error) });
    reaper.owe('sandport-a-1');
    await vi.waitFor(() => expect(removals).toBe(21), { timeout: 20_000 });
    await reaper.close();
    expect(failures).toMatchObject([{ cause: { statusCode: 409 } }]);
  });
});
