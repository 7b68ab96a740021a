import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { startFakeAgentRun } from '../../src/index.ts';
import { isAlive, listChildren, listMarked } from '../living-processes.ts';
import { AgentRunUser } from './agent-run-user.ts';
import type { FakeAddress } from './signed-request.ts';

const COMPILER = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('fake-to-kill.mjs', import.meta.url));
const GONE = { timeout: 15_000, interval: 50 };

/** Starts in a sandbox whatever could stay behind. */
async function fillSandbox(address: FakeAddress, mark: string): Promise<void> {
  const user = new AgentRunUser(address);
  await user.open('box', { environmentVariables: { MARK: mark } });
  await user.execute({ language: 'python', code: 'import subprocess\nsubprocess.Popen(["sleep", "600"], start_new_session=True)' });
  const detached = 'const { spawn } = require("node:child_process"); spawn("sleep", ["600"], { detached: true, stdio: "ignore" }).unref()';
  await user.execute({ language: 'javascript', code: detached });
  await user.command('nohup sleep 600 > /dev/null 2>&1 & trap "" TERM HUP INT; sleep 600 & setsid sleep 600 & exit 0');
}

/** Two interpreters, and what they and the command left behind. */
const startedPrograms = 7;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [COMPILER, '-b', PACKAGE_FOLDER]);
}, 120_000);

// Other systems show no list of processes as files.
describe.runIf(process.platform === 'linux').each(['auto', 'mapped'] as const)('what a sandbox started, %s', (fileSystem) => {
  const mark = randomUUID();

  test.each(['stopped', 'deleted', 'expired', 'closed with the fake'])('is gone when it is %s', async (way) => {
    await using fake = await startFakeAgentRun({ fileSystem });
    await fillSandbox(fake, mark);
    await expect.poll(() => listMarked(mark).length, GONE).toBe(startedPrograms);
    const { homeFolder } = fake.sandboxes()[0] ?? { homeFolder: '' };
    expect(existsSync(homeFolder)).toBe(true);
    const user = new AgentRunUser(fake);
    if (way === 'stopped') await user.data('POST', '/sandboxes/box/stop');
    else if (way === 'deleted') await user.control('DeleteSandbox', 'DELETE', '/sandboxes/box');
    else if (way === 'expired') await fake.expire('box');
    else await fake.close();
    // Not polled: it is gone when the answer is there.
    expect(listMarked(mark)).toEqual([]);
    expect(existsSync(homeFolder.replace(/\/home\/user$/, ''))).toBe(false);
  });

  test.each(['SIGKILL', 'SIGTERM', 'end of input'])('is gone after the %s of the process of the fake', async (way) => {
    const folder = await mkdtemp(join(tmpdir(), 'sandport-leftovers-'));
    const child = spawn(process.execPath, [program, fileSystem], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const address = JSON.parse(line) as FakeAddress;
    await fillSandbox(address, mark);
    expect(readdirSync(folder)).toHaveLength(1);
    const children = listChildren(child);
    expect(children.length).toBeGreaterThan(0);
    const exited = once(child, 'exit');
    if (way === 'end of input') child.stdin.end();
    else child.kill(way as NodeJS.Signals);
    await exited;
    await expect.poll(() => listMarked(mark), GONE).toEqual([]);
    await expect.poll(() => children.filter(isAlive), GONE).toEqual([]);
    await expect.poll(() => readdirSync(folder), GONE).toEqual([]);
    await rm(folder, { recursive: true });
    await expect(new AgentRunUser(address).data('GET', '/sandboxes/box')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test('a fake that is closed answers nobody, also those who wait', async () => {
  const fake = await startFakeAgentRun({ fileSystem: 'mapped' });
  const user = new AgentRunUser(fake);
  await user.open();
  fake.faults.add({ match: { operation: 'CheckHealth' }, fault: { kind: 'hang' } });
  const waiting = Promise.allSettled([user.data('GET', '/sandboxes/box/health'), user.command('sleep 600')]);
  await expect.poll(() => fake.executions.length, GONE).toBe(1);
  await Promise.all([fake.close(), fake.close()]);
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(user.data('GET', '/sandboxes/box/health')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
