import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ownerMark, type OwnerMark } from '@sandport/provider-kit';
import { startFakeE2b, type FakeE2b } from '@sandport/fakes';
import { describe, expect, test, vi } from 'vitest';
import { cleanE2bSandboxes, createE2bProvider } from '../src/index.ts';
import { toMetadata, type ReconnectionMarks } from '../src/sandbox/sandbox-marks.ts';
import { configOf, storedConfig } from './fake-service.ts';
import { startUnfilteredGateway } from './unfiltered-gateway.ts';

/** As vitest's own, whose type is `any`. */
const containing = (text: string): unknown => expect.stringContaining(text);

const idsOf = (fake: FakeE2b): string[] => fake.sandboxes().map(({ sandboxId }) => sandboxId);

const MINUTE_MS = 60_000;
const WAITED = { timeout: 20_000, interval: 25 } as const;

/** A process that has ended. Its id may be another's by now, but not with these ticks. */
async function deadOwner(): Promise<OwnerMark> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return { machine: (await ownerMark()).machine, processId: child.pid ?? 0, startTicks: 1 };
}

/** Makes a sandbox as others do: with whatever metadata. */
async function leave(fake: FakeE2b, metadata: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${fake.url}/v2/sandboxes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': fake.apiKey },
    body: JSON.stringify({ templateID: 'base', timeout: 600, metadata }),
  });
  const made: unknown = await response.json();
  return String(typeof made === 'object' && made !== null ? Reflect.get(made, 'sandboxID') : '');
}

function marksOf(owner: OwnerMark, reconnection?: ReconnectionMarks): Record<string, string> {
  return toMetadata({ owner, tag: 'ab'.repeat(12), maker: 'cd'.repeat(12), reconnection });
}

describe.concurrent('sandboxes of the service', { timeout: MINUTE_MS }, () => {
  test('those of dead processes are ended by the next start, and no others', async () => {
    await using fake = await startFakeE2b();
    await using first = createE2bProvider(configOf(fake));
    await (await first.createSandbox({ language: 'python' })).destroy();
    const [own, dead] = [await ownerMark(), await deadOwner()];
    const forOthers = (endsInMs: number): ReconnectionMarks => ({
      language: 'python',
      way: 'commands',
      endsAtMs: Date.now() + endsInMs,
      keyMark: 'ef'.repeat(16),
    });
    const kept = [
      await leave(fake, marksOf(own)),
      await leave(fake, marksOf({ ...dead, machine: '00000000' })),
      await leave(fake, marksOf(dead, forOthers(10 * MINUTE_MS))),
      await leave(fake, {}),
      await leave(fake, { sandport: '1', 'sandport-owner': 'nonsense' }),
      await leave(fake, { sandport: '2', app: 'another' }),
    ];
    const left = [
      await leave(fake, marksOf(dead)),
      await leave(fake, marksOf({ ...own, machine: '00000000' }, forOthers(-10 * MINUTE_MS))),
    ];
    const counted = await first.checkHealth();
    expect(counted.checks.find(({ name }) => name === 'left-behind')).toMatchObject({
      status: 'warning',
      message: containing('2 sandboxes'),
    });
    expect(idsOf(fake)).toEqual(expect.arrayContaining([...kept, ...left]));
    await using second = createE2bProvider(configOf(fake));
    await (await second.createSandbox({ language: 'python' })).destroy();
    await vi.waitFor(() => expect(idsOf(fake)).toEqual(kept), WAITED);
    const last = await leave(fake, marksOf(dead));
    expect(await cleanE2bSandboxes(configOf(fake))).toMatchObject({ abandoned: [last], deleted: [last], failed: [] });
    expect(idsOf(fake)).toEqual(kept);
  });

  test('those of others are left alone, also where the service takes no notice of the marks that are looked for', async () => {
    await using fake = await startFakeE2b();
    await using gateway = await startUnfilteredGateway(fake.url);
    const foreign = [await leave(fake, {}), await leave(fake, { app: 'another' })];
    const dead = await leave(fake, marksOf(await deadOwner()));
    // The answer of a creation is lost: what was made is looked for by its mark.
    fake.faults.add({ match: { operation: 'CreateSandbox' }, times: 1, fault: { kind: 'cut', when: 'after-work' } });
    const provider = createE2bProvider(configOf(fake, { apiUrl: gateway.url }));
    const sandbox = await provider.createSandbox({ language: 'python' });
    expect(await sandbox.execute({ code: 'def main():\n    return 1\n' })).toMatchObject({ value: 1 });
    await vi.waitFor(() => expect(idsOf(fake)).not.toContain(dead), WAITED);
    await provider.close();
    expect(idsOf(fake)).toEqual(foreign);
  });

  test('those of a process that was killed are found by the next one', async () => {
    await using fake = await startFakeE2b();
    const caller = fileURLToPath(new URL('endless-call.mjs', import.meta.url));
    const child = spawn(process.execPath, [caller, JSON.stringify(storedConfig(fake))], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(fake.sandboxes()).toHaveLength(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [left = ''] = idsOf(fake);
    expect(await cleanE2bSandboxes(configOf(fake))).toMatchObject({ deleted: [left] });
    expect(fake.sandboxes()).toEqual([]);
  });

  test('that nobody cleans up after are ended by the service, in the time that is configured', async () => {
    let offsetMs = 0;
    await using fake = await startFakeE2b({ now: () => Date.now() + offsetMs });
    const dead = await leave(fake, { ...marksOf(await deadOwner()), 'sandport-owner': '00000000.1.1' });
    const provider = createE2bProvider(configOf(fake, { abandonedAfterMs: 30_000 }));
    const sandbox = await provider.createSandbox({ language: 'python' });
    const [, view] = fake.sandboxes();
    expect((view?.endAtMs ?? 0) - (view?.startedAtMs ?? 0)).toBeLessThan(40_000);
    offsetMs = 45_000;
    await vi.waitFor(() => expect(idsOf(fake)).toEqual([dead]), WAITED);
    await expect(sandbox.execute({ code: '' })).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    await provider.close();
  });

  test('have their end put off as long as their process lives', async () => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake, { abandonedAfterMs: 30_000 }));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const endOf = (): number => fake.sandboxes().find(({ sandboxId }) => sandboxId === sandbox.id)?.endAtMs ?? 0;
    const first = endOf();
    // A third of the time that the service gives.
    await vi.waitFor(() => expect(endOf()).toBeGreaterThan(first + 5000), { timeout: 25_000, interval: 200 });
    expect(endOf() - Date.now()).toBeLessThanOrEqual(30_000);
  });

  test('that wait are made ahead, used once, looked at before they are used, and replaced', async () => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake, { warmSandboxes: 1, maxIdleSandboxes: 1 }));
    const first = await provider.createSandbox({ language: 'python' });
    await vi.waitFor(() => expect(fake.sandboxes()).toHaveLength(2), WAITED);
    const waiting = idsOf(fake).find((id) => id !== first.id) ?? '';
    // Longer than a sandbox counts as just heard of.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const second = await provider.createSandbox({ language: 'python' });
    expect(second.id).toBe(waiting);
    expect(await second.execute({ code: 'def main():\n    return 2\n' })).toMatchObject({ value: 2 });
    await vi.waitFor(() => expect(fake.sandboxes()).toHaveLength(3), WAITED);
    const ended = idsOf(fake).find((id) => ![first.id, second.id].includes(id)) ?? '';
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await fake.expire(ended);
    const third = await provider.createSandbox({ language: 'python' });
    expect([first.id, second.id, ended]).not.toContain(third.id);
    expect(await third.execute({ code: 'def main():\n    return 3\n' })).toMatchObject({ value: 3 });
    await second.destroy();
    expect(idsOf(fake)).not.toContain(second.id);
    await provider.close();
    expect(fake.sandboxes()).toEqual([]);
  });

  test('that end under their program are told of by the service, not by the program', async () => {
    await using fake = await startFakeE2b();
    await Promise.all(
      ['commands', 'code-interpreter'].map(async (way) => {
        await using provider = createE2bProvider(configOf(fake, { way }));
        const sandbox = await provider.createSandbox({ language: 'python' });
        const result = await sandbox.execute({
          code: 'import time\nprint("on", flush=True)\ntime.sleep(60)\n',
          onOutput: () => void fake.expire(sandbox.id),
        });
        expect(result).toMatchObject({ status: 'killed', stdout: 'on\n' });
        expect(result.evidence).toContainEqual({ kind: 'sandbox-end', observer: 'engine', exitCode: null });
      }),
    );
  });

  test('are all ended by close, whatever they do and however they were come by', async () => {
    await using fake = await startFakeE2b();
    const provider = createE2bProvider(configOf(fake, { warmSandboxes: 1, maxIdleSandboxes: 1 }));
    const [running, idle] = await Promise.all([
      provider.createSandbox({ language: 'python' }),
      provider.createSandbox({ language: 'python' }),
    ]);
    const context = await idle.createContext();
    const run = running.execute({ code: 'import time\ntime.sleep(60)\n' }).then(
      ({ status }) => status,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
    const making = provider.createSandbox({ language: 'javascript' }).then(
      () => 'made',
      () => 'refused',
    );
    await provider.close();
    await provider.close();
    expect(fake.sandboxes()).toEqual([]);
    expect(['cancelled', 'killed', 'CANCELLED', 'SANDBOX_CLOSED', 'PROVIDER_UNAVAILABLE']).toContain(await run);
    await making;
    await expect(context.execute({ code: '1' })).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    await expect(provider.createSandbox({ language: 'python' })).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
  });

  test('are refused a time above the maximum at the door, and what nobody set is lowered to it', async () => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake, { timeoutMs: 1500, maxLifetimeMs: 2_400_000 }));
    const sandbox = await provider.createSandbox({ language: 'python' });
    await expect(sandbox.execute({ code: '', limits: { timeoutMs: 2000 } })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      details: { field: 'limits.timeoutMs' },
    });
    const result = await sandbox.execute({ code: 'import time\ntime.sleep(60)\n' });
    expect(result).toMatchObject({ status: 'timed-out' });
    expect(result.evidence).toContainEqual(expect.objectContaining({ kind: 'timer', observer: 'host', limitMs: 1500 }));
    await expect(sandbox.extend(10 * 3_600_000)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(provider.createSandbox({ language: 'python', lifetimeMs: 2_400_001 })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
