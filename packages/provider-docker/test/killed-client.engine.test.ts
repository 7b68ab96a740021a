import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { removeLeftBehind } from '../src/index.ts';

/** How long a container may run on after the process that started it. */
const ORPHAN_TIMEOUT_MS = 60_000;

/** Looks in a row that find nothing: what the killed process asked the engine for may still begin after the first of them. */
const EMPTY_LOOKS = 10;

const client = fileURLToPath(new URL('./endless-call.mjs', import.meta.url));
const docker = new Docker();

async function containersOf(pool: string, all: boolean): Promise<string[]> {
  const containers = await docker.listContainers({ all, filters: { name: [pool] } });
  return containers.map((container) => container.Names.join());
}

async function settlesEmpty(list: () => Promise<string[]>): Promise<string[]> {
  const deadline = Date.now() + ORPHAN_TIMEOUT_MS;
  let found = await list();
  for (let emptyLooks = 0; emptyLooks < EMPTY_LOOKS && Date.now() < deadline; found = await list()) {
    emptyLooks = found.length === 0 ? emptyLooks + 1 : 0;
    await delay(200);
  }
  return found;
}

describe.each(['gvisor', 'runc'])('a client killed with SIGKILL during a run under %s', (isolation) => {
  it(
    'leaves no container running, and what it had not started is removed by the next process',
    { timeout: 2 * ORPHAN_TIMEOUT_MS + 30_000 },
    async () => {
      const child = spawn(process.execPath, [client, isolation], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [name] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const pool = name.slice(0, name.lastIndexOf('-'));
      expect((await containersOf(pool, false)).length).toBeGreaterThan(0);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await settlesEmpty(() => containersOf(pool, false))).toEqual([]);
      await removeLeftBehind();
      expect(await settlesEmpty(() => containersOf(pool, true))).toEqual([]);
    },
  );
});
