import { execFile, spawn, type ChildProcess } from 'node:child_process';
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
import { startFakeE2b, type FakeE2b } from '../../src/index.ts';
import { isAlive, listChildren, listMarked } from '../living-processes.ts';
import { failureOf } from './e2b-user.ts';
import { WireUser } from './wire.ts';

const COMPILER = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('fake-to-kill.mjs', import.meta.url));
const GONE = { timeout: 15_000, interval: 50 };

/** Starts in a sandbox whatever could stay behind. */
async function fillSandbox(fake: Pick<FakeE2b, 'url' | 'apiKey'>, mark: string): Promise<WireUser> {
  const user = await new WireUser(fake).open({ envVars: { MARK: mark } });
  await user.execute({ code: 'import subprocess\nsubprocess.Popen(["sleep", "600"], start_new_session=True)' });
  await user.execute({
    code: 'const { spawn } = require("node:child_process"); spawn("sleep", ["600"], { detached: true, stdio: "ignore" }).unref()',
    language: 'javascript',
  });
  await user.run('nohup sleep 600 > /dev/null 2>&1 & (setsid sleep 600 > /dev/null 2>&1 &) ; exit 0');
  // Nobody follows this one, and it ignores what it can.
  const caller = new AbortController();
  const following = user.run('trap "" TERM HUP INT; sleep 600; sleep 600', { signal: caller.signal }).catch((error: unknown) => error);
  await expect.poll(() => listMarked(mark).length, GONE).toBe(startedPrograms);
  caller.abort();
  await following;
  return user;
}

/** Two interpreters with what they left, what a command left, and a command with what it started. */
const startedPrograms = 8;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [COMPILER, '-b', PACKAGE_FOLDER]);
}, 120_000);

// Other systems show no list of processes as files.
describe.runIf(process.platform === 'linux').each(['auto', 'mapped'] as const)('what a sandbox started, %s', (fileSystem) => {
  const mark = randomUUID();

  test.each(['killed', 'expired', 'closed with the fake'])('is gone when it is %s', async (way) => {
    await using fake = await startFakeE2b({ fileSystem });
    const user = await fillSandbox(fake, mark);
    const { homeFolder } = fake.sandboxes()[0] ?? { homeFolder: '' };
    expect(existsSync(homeFolder)).toBe(true);
    if (way === 'killed') await user.control('DELETE', `/sandboxes/${user.sandboxId}`);
    else if (way === 'expired') await fake.expire(user.sandboxId);
    else await fake.close();
    // Not polled: it is gone when the answer is there.
    expect(listMarked(mark)).toEqual([]);
    expect(existsSync(homeFolder.replace(/\/home\/user$/, ''))).toBe(false);
  });

  test.each(['SIGKILL', 'end of input'])('is gone after the %s of the process of the fake', async (way) => {
    const folder = await mkdtemp(join(tmpdir(), 'sandport-leftovers-'));
    const child: ChildProcess = spawn(process.execPath, [program, fileSystem], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
    });
    if (child.stdout === null || child.stdin === null) throw new Error('It has no pipes');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const address = JSON.parse(line) as Pick<FakeE2b, 'url' | 'apiKey'>;
    await fillSandbox(address, mark);
    expect(readdirSync(folder)).toHaveLength(1);
    const children = listChildren(child);
    expect(children.length).toBeGreaterThan(0);
    const exited = once(child, 'exit');
    if (way === 'end of input') child.stdin.end();
    else child.kill('SIGKILL');
    await exited;
    await expect.poll(() => listMarked(mark), GONE).toEqual([]);
    await expect.poll(() => children.filter(isAlive), GONE).toEqual([]);
    await expect.poll(() => readdirSync(folder), GONE).toEqual([]);
    await rm(folder, { recursive: true });
    expect(await failureOf(new WireUser(address).control('GET', '/sandboxes'))).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test('a fake that is closed answers nobody, also those who wait', async () => {
  const fake = await startFakeE2b({ fileSystem: 'mapped' });
  const user = await new WireUser(fake).open();
  fake.faults.add({ match: { operation: 'CheckHealth' }, fault: { kind: 'hang' } });
  const waiting = Promise.allSettled([
    user.inSandbox({ path: '/health' }),
    user.run('exec sleep 600'),
    user.execute({ code: 'import time\ntime.sleep(600)' }),
  ]);
  await expect.poll(() => fake.executions.length, GONE).toBe(2);
  await expect.poll(() => fake.requests.length, GONE).toBe(4);
  await Promise.all([fake.close(), fake.close()]);
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await failureOf(user.inSandbox({ path: '/health' }))).toMatchObject({ code: 'ECONNREFUSED' });
});
