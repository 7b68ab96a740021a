import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DockerEngine } from '../../src/engine/docker-engine.ts';
import { Reaper } from '../../src/lease/reaper.ts';
import { DOCKER_ANSWERS, FakeEngine } from '../engine/fake-engine.ts';

let folder: string;
let played: FakeEngine | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-reaper-'));
});
afterEach(async () => {
  await played?.stop();
  await rm(folder, { recursive: true, force: true });
});

const NAME = 'sandport-a-1';

/** An engine that answers the removals of one container with these statuses, the last one for all that follow. */
async function engineThatAnswers(...statuses: readonly [number, ...number[]]) {
  let removals = 0;
  const remove = (_request: IncomingMessage, response: ServerResponse): void => {
    response.statusCode = statuses[Math.min(removals, statuses.length - 1)] ?? 500;
    removals += 1;
    response.end(response.statusCode === 204 ? undefined : '{"message":"no such container, or one that is being removed"}');
  };
  const socket = join(folder, 'engine.sock');
  played = await new FakeEngine({ ...DOCKER_ANSWERS, [`DELETE /containers/${NAME}`]: remove }).listen(socket);
  const failures: unknown[] = [];
  const engine = new DockerEngine({ dockerHost: `unix://${socket}` });
  const reaper = new Reaper({ engine, onFailure: (error) => failures.push(error) });
  return { engine, reaper, failures, removals: () => removals };
}

describe('a container that is owed', () => {
  it('is looked for once more after it was not there: its engine may have been slow to make it', async () => {
    const { reaper, failures, removals } = await engineThatAnswers(404, 204);
    reaper.owe(NAME);
    await vi.waitFor(() => expect(removals()).toBe(1), { timeout: 10_000 });
    await reaper.close();
    expect([removals(), failures]).toEqual([2, []]);
  });

  it('is owed on when its engine goes on saying that it is removing it', async () => {
    const { reaper, failures, removals } = await engineThatAnswers(...(Array.from({ length: 20 }, () => 409) as [number]), 204);
    reaper.owe(NAME);
    await vi.waitFor(() => expect(removals()).toBe(21), { timeout: 20_000 });
    await reaper.close();
    expect(failures).toMatchObject([{ cause: { statusCode: 409 } }]);
  });
});

describe('a container that its engine says it is removing', () => {
  it.each([
    ['is gone', 404],
    ['lets itself be removed after all', 204],
  ])('is asked about until it %s: the engine may not come to that', async (_end, status) => {
    const { engine, removals } = await engineThatAnswers(409, 409, 409, status);
    await engine.removeContainer(NAME);
    expect(removals()).toBe(4);
  });
});
