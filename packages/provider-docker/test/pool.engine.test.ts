import { createProvider, SandboxError, type SandboxProvider } from '@sandport/core';
import { dockerProvider } from '../src/index.ts';
import Docker from 'dockerode';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';

const docker = new Docker();
let provider: SandboxProvider | undefined;

afterEach(async () => {
  await provider?.close();
});

function open(config: object): SandboxProvider {
  provider = createProvider(dockerProvider, { isolation: 'runc', ...config });
  return provider;
}

/** The containers of the pool that a sandbox came from; other processes may use the same engine. */
async function neighboursOf(sandboxId: string): Promise<string[]> {
  const containers = await docker.listContainers({ all: true, filters: { name: [sandboxId.slice(0, sandboxId.lastIndexOf('-'))] } });
  return containers.map((container) => container.Id);
}

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it never came about');
    await delay(50);
  }
}

const call = { language: 'python', code: 'def main():\n    return 1\n' } as const;

describe('the pool', () => {
  it('gives each call a container of its own', async () => {
    const pool = open({ warmContainers: 1 });
    const ids = new Set<string>();
    for (let index = 0; index < 3; index += 1) {
      await using sandbox = await pool.createSandbox({ language: 'python' });
      ids.add(sandbox.id);
      await sandbox.execute(call);
    }
    expect(ids.size).toBe(3);
  });

  it('never has more containers than allowed, and serves those who wait in turn', async () => {
    const pool = open({ warmContainers: 0, maxContainers: 2 });
    let most = 0;
    const values = await Promise.all(
      Array.from({ length: 6 }, async () => {
        await using sandbox = await pool.createSandbox({ language: 'python' });
        most = Math.max(most, (await neighboursOf(sandbox.id)).length);
        const result = await sandbox.execute(call);
        return result.status === 'completed' ? result.value : result.status;
      }),
    );
    expect(values).toEqual([1, 1, 1, 1, 1, 1]);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('refuses with a time to retry when no container becomes free', async () => {
    const pool = open({ warmContainers: 0, maxContainers: 1 });
    await using sandbox = await pool.createSandbox({ language: 'python' });
    const refusal: unknown = await pool.createSandbox({ language: 'python', maxWaitMs: 300 }).catch((error: unknown) => error);
    expect(SandboxError.isInstance(refusal) && refusal.code).toBe('CAPACITY_EXHAUSTED');
    expect(SandboxError.isInstance(refusal) && refusal.retryAfterMs).toBeGreaterThan(0);
    expect((await sandbox.execute(call)).status).toBe('completed');
  });

  it('replaces a container that dies while it waits', async () => {
    const pool = open({ warmContainers: 1 });
    const first = await pool.createSandbox({ language: 'python' });
    const ours = () => neighboursOf(first.id);
    await first.destroy();
    await waitUntil(async () => (await ours()).length === 1);
    const [victim = ''] = await ours();
    await docker.getContainer(victim).remove({ force: true });
    await waitUntil(async () => {
      const now = await ours();
      return now.length === 1 && now[0] !== victim;
    });
    await using sandbox = await pool.createSandbox({ language: 'python' });
    expect((await sandbox.execute(call)).status).toBe('completed');
  });

  it('takes no verdict from a container that somebody else ended', async () => {
    const pool = open({});
    await using sandbox = await pool.createSandbox({ language: 'python' });
    const running = sandbox.execute({
      language: 'python',
      code: 'import time\nprint("up", flush=True)\ntime.sleep(30)\n',
      onOutput: () => void docker.getContainer(sandbox.id).kill(),
    });
    const failure: unknown = await running.catch((error: unknown) => error);
    expect(SandboxError.isInstance(failure) && failure.code).toBe('PROVIDER_UNAVAILABLE');
    const later: unknown = await sandbox.execute(call).catch((error: unknown) => error);
    expect(SandboxError.isInstance(later) && later.code).toBe('SANDBOX_CLOSED');
  });

  it('leaves nothing behind when it is closed, whatever is going on', async () => {
    const pool = open({ warmContainers: 2 });
    const sandbox = await pool.createSandbox({ language: 'python' });
    const endless = sandbox.execute({ language: 'python', code: 'while True: pass\n' }).catch((error: unknown) => error);
    const waiting = pool.createSandbox({ language: 'javascript' }).catch((error: unknown) => error);
    await pool.close();
    await Promise.all([endless, waiting]);
    expect(await neighboursOf(sandbox.id)).toEqual([]);
    const late: unknown = await pool.createSandbox({ language: 'python' }).catch((error: unknown) => error);
    expect(SandboxError.isInstance(late) && late.code).toBe('SANDBOX_CLOSED');
  });
});
