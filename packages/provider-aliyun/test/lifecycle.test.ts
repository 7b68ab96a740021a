import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { startFakeAgentRun, type FakeAgentRun } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { createAliyunProvider, cleanAliyunSandboxes, type TemplateProgress } from '../src/index.ts';
import { newSandboxId } from '../src/sandbox/sandbox-name.ts';
import { ownerMark, type OwnerMark } from '@sandport/provider-kit';
import { ControlClient } from '../src/control/control-client.ts';
import { configOf, storedConfig } from './fake-account.ts';

/** As vitest's own, whose type is `any`. */
const containing = (text: string): unknown => expect.stringContaining(text);

const idsOf = (fake: FakeAgentRun): string[] => fake.sandboxes().map(({ sandboxId }) => sandboxId);

/** Waits for something that nothing tells of. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(20);
}

/** A process that has ended. Its id may be another's by now, but not with these ticks. */
async function deadOwner(): Promise<OwnerMark> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return { machine: (await ownerMark()).machine, processId: child.pid ?? 0, startTicks: 1 };
}

async function leave(fake: FakeAgentRun, owner: OwnerMark, leaseEndsAtSeconds: number): Promise<string> {
  const control = new ControlClient(
    { protocol: 'http', host: fake.host },
    {
      name: 'static',
      getKey: () => Promise.resolve({ accessKeyId: fake.account.accessKeyId, accessKeySecret: fake.account.accessKeySecret }),
    },
  );
  const sandboxId = newSandboxId({ owner, leaseEndsAtSeconds });
  await control.createSandbox({ templateName: 'sandport-code-interpreter', sandboxId, sandboxIdleTimeoutInSeconds: 600 });
  return sandboxId;
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

describe.concurrent('sandboxes of the service', { timeout: 60_000 }, () => {
  test('those of dead processes are deleted by the next start, and no others', async () => {
    await using fake = await startFakeAgentRun();
    await using first = createAliyunProvider(configOf(fake));
    await (await first.createSandbox({ language: 'python' })).destroy();
    const own = await ownerMark();
    const kept = [await leave(fake, own, inSeconds(600)), await leave(fake, { ...own, machine: '00000000' }, inSeconds(600))];
    const dead = [
      await leave(fake, await deadOwner(), inSeconds(600)),
      await leave(fake, { ...own, machine: '00000000' }, inSeconds(-600)),
    ];
    const counted = await first.checkHealth();
    expect(counted.checks.find(({ name }) => name === 'left-behind')).toMatchObject({
      status: 'warning',
      message: containing('2 sandboxes'),
    });
    expect(idsOf(fake)).toEqual(expect.arrayContaining([...kept, ...dead]));
    await using second = createAliyunProvider(configOf(fake));
    await (await second.createSandbox({ language: 'python' })).destroy();
    await until(() => idsOf(fake).length === kept.length);
    expect(idsOf(fake)).toEqual(kept);
    const last = await leave(fake, await deadOwner(), inSeconds(600));
    expect(await cleanAliyunSandboxes(configOf(fake))).toEqual({ seen: 3, abandoned: [last], deleted: [last], failed: [] });
    expect(idsOf(fake)).toEqual(kept);
  });

  test('those of a process that was killed are found by the next one', async () => {
    await using fake = await startFakeAgentRun();
    const caller = fileURLToPath(new URL('endless-call.mjs', import.meta.url));
    const child = spawn(process.execPath, [caller, JSON.stringify(storedConfig(fake))], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(fake.sandboxes()).toHaveLength(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [left = ''] = idsOf(fake);
    expect(await cleanAliyunSandboxes(configOf(fake))).toMatchObject({ deleted: [left] });
    expect(fake.sandboxes()).toEqual([]);
  });

  test('the template is made once, waited for with progress, and found by all callers', async () => {
    await using fake = await startFakeAgentRun({ templateCreationMs: 900 });
    const seen: TemplateProgress[] = [];
    await using one = createAliyunProvider(configOf(fake), { onTemplateProgress: (progress) => seen.push(progress) });
    await using other = createAliyunProvider(configOf(fake));
    const made = await Promise.all([one, one, other].map((provider) => provider.createSandbox({ language: 'python' })));
    await Promise.all(made.map((sandbox) => sandbox.destroy()));
    expect(fake.templates()).toMatchObject([
      { templateName: 'sandport-code-interpreter', templateType: 'CodeInterpreter', status: 'READY' },
    ]);
    expect(seen[0]).toMatchObject({ status: 'CREATING' });
    expect(fake.requests.filter(({ operation, status }) => operation === 'CreateTemplate' && status === 200)).toHaveLength(1);
  });

  test('warm ones are made ahead, used once, looked at before they are used, and replaced', async () => {
    await using fake = await startFakeAgentRun();
    await using provider = createAliyunProvider(configOf(fake, { warmSandboxes: 1, maxIdleSandboxes: 1 }));
    const first = await provider.createSandbox({ language: 'python' });
    await until(() => fake.sandboxes().length === 2);
    await delay(5500);
    const waiting = idsOf(fake).find((id) => id !== first.id) ?? '';
    await fake.expire(waiting);
    const second = await provider.createSandbox({ language: 'python' });
    expect(second.id).not.toBe(waiting);
    const third = await second.execute({ code: 'def main():\n    return 3\n' });
    expect(third).toMatchObject({ status: 'completed', value: 3 });
    await provider.close();
    expect(fake.sandboxes().filter(({ status }) => status !== 'TERMINATED')).toEqual([]);
  });

  test('one that ends under its program is told by the service, not by the program', async () => {
    await using fake = await startFakeAgentRun();
    await using provider = createAliyunProvider(configOf(fake));
    const sandbox = await provider.createSandbox({ language: 'python' });
    const call = sandbox.execute({
      code: 'import time\nprint("on", flush=True)\ntime.sleep(60)\n',
      onOutput: () => void fake.expire(sandbox.id),
    });
    const result = await call;
    expect(result).toMatchObject({ status: 'killed', stdout: 'on\n' });
    expect(result.evidence).toContainEqual({ kind: 'sandbox-end', observer: 'engine', exitCode: null });
  });

  test('keys that are renewed are used at once, on both planes', async () => {
    await using fake = await startFakeAgentRun();
    let key = fake.addKey({ securityToken: 'first' });
    const credentialsChain = { getCredentials: () => Promise.resolve({ ...key, securityToken: key.securityToken ?? '' }) };
    const config = configOf(fake, { credentialSource: 'default-chain', accessKeyId: undefined, accessKeySecret: undefined });
    await using provider = createAliyunProvider(config, { credentialsChain });
    const sandbox = await provider.createSandbox({ language: 'python' });
    const old = key;
    key = fake.addKey({ securityToken: 'second' });
    fake.removeKey(old.accessKeyId);
    expect(await sandbox.execute({ code: 'def main():\n    return 1\n' })).toMatchObject({ value: 1 });
    await sandbox.destroy();
    expect(fake.sandboxes()).toEqual([]);
  });

  test('a time above the maximum is refused at the door, and what nobody set is lowered to it', async () => {
    await using fake = await startFakeAgentRun();
    await using provider = createAliyunProvider(configOf(fake, { timeoutMs: 1500 }));
    const sandbox = await provider.createSandbox({ language: 'python' });
    await expect(sandbox.execute({ code: '', limits: { timeoutMs: 2000 } })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      details: { field: 'limits.timeoutMs' },
    });
    const result = await sandbox.execute({ code: 'import time\ntime.sleep(60)\n' });
    expect(result).toMatchObject({ status: 'timed-out' });
    expect(result.evidence).toContainEqual(expect.objectContaining({ kind: 'timer', observer: 'host', limitMs: 1500 }));
    await expect(sandbox.extend(10 * 3_600_000)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  test('no secret is in what is thrown', async () => {
    await using fake = await startFakeAgentRun();
    const key = fake.addKey({ securityToken: 'token-that-nobody-may-see', accessKeySecret: 'secret-that-nobody-may-see' });
    await using provider = createAliyunProvider(configOf(fake, { accessKeySecret: 'wrong-secret-that-nobody-may-see' }, key));
    const error: unknown = await provider.createSandbox({ language: 'python' }).catch((thrown: unknown) => thrown);
    const shown = inspect(error, { depth: 10, showHidden: true });
    expect(shown).toContain('AUTHENTICATION_FAILED');
    expect(shown).not.toContain('nobody-may-see');
  });
});
