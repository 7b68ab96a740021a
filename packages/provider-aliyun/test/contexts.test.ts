import type { ExecutionContext, ExecutionResult, JsonValue, Sandbox } from '@sandport/core';
import { startFakeAgentRun, type AgentRunFault, type FakeAgentRunOptions } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { createAliyunProvider } from '../src/index.ts';
import { configOf } from './fake-account.ts';

/** Starts a process that leaves its session and loses its parent, and gives its id once nobody is between. */
const ORPHAN = `
import os, subprocess
read_end, write_end = os.pipe()
if os.fork() == 0:
    os.setsid()
    child = subprocess.Popen(["sleep", "60"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.write(write_end, b"%d" % child.pid)
    os._exit(0)
os.wait()
orphan = int(os.read(read_end, 32))
`;
const LIVING =
  'import os\ndef main(pids):\n    return [os.path.exists("/proc/%d" % p) and open("/proc/%d/stat" % p).read().split(") ")[1][0] != "Z" for p in pids]\n';

function valueIn(result: ExecutionResult): JsonValue | undefined {
  expect(result).toMatchObject({ status: 'completed', stderr: '' });
  return result.status === 'completed' ? result.value : undefined;
}

async function valueOf(context: ExecutionContext, code: string): Promise<JsonValue | undefined> {
  return valueIn(await context.execute({ code }));
}

async function living(sandbox: Sandbox, pids: readonly (JsonValue | undefined)[]): Promise<JsonValue | undefined> {
  return valueIn(await sandbox.execute({ code: LIVING, arguments: { pids: pids.map(Number) } }));
}

interface Kind {
  readonly name: string;
  readonly fake: FakeAgentRunOptions;
  readonly config: object;
}
const kinds: readonly Kind[] = [
  { name: 'users of their own where there can be', fake: {}, config: {} },
  { name: "the supervisor's user", fake: { fileSystem: 'mapped' }, config: { programNetwork: 'filtered' } },
];

describe.runIf(process.platform === 'linux')('contexts', { timeout: 60_000 }, () => {
  test.each(kinds)('keep what they started until they end, and programs do not, with $name', async ({ fake: options, config }) => {
    await using fake = await startFakeAgentRun(options);
    await using provider = createAliyunProvider(configOf(fake, config));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const [first, second] = [await sandbox.createContext(), await sandbox.createContext()];
    const pids = [await valueOf(first, `${ORPHAN}orphan`), await valueOf(second, `${ORPHAN}orphan`)];
    const program = await sandbox.execute({ code: `${ORPHAN}def main():\n    return orphan\n` });
    pids.push(valueIn(program));
    expect(await living(sandbox, pids)).toEqual([true, true, false]);
    await first.destroy();
    expect(await living(sandbox, pids)).toEqual([false, true, false]);
    // One that ends by itself takes along what it has left as well.
    expect(await second.execute({ code: 'import os\nos._exit(3)' })).toMatchObject({ status: 'failed', exitCode: 3 });
    expect(await living(sandbox, pids)).toEqual([false, false, false]);
  });

  test('that end while a program runs take along what they started at its end, and nothing of the program before', async () => {
    await using fake = await startFakeAgentRun();
    await using provider = createAliyunProvider(configOf(fake));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const context = await sandbox.createContext();
    const ending = 'import os, threading, time\nthreading.Timer(0.6, lambda: os._exit(0)).start()\n';
    const pid = await valueOf(context, `${ORPHAN}${ending}orphan`);
    const waiting = `import time\ndef main():\n    time.sleep(1.5)\n    return open("/proc/%d/stat" % orphan).read().split(") ")[1][0]\n`;
    expect(await sandbox.execute({ code: `${ORPHAN}${waiting}` })).toMatchObject({ status: 'completed', value: 'S' });
    expect(await living(sandbox, [pid])).toEqual([false]);
    await expect(context.execute({ code: '1' })).rejects.toMatchObject({ code: 'CONTEXT_CLOSED' });
  });

  const faults: readonly AgentRunFault[] = [
    { kind: 'duplicate' },
    { kind: 'cut', when: 'after-work' },
    { kind: 'cut', when: 'in-answer' },
    { kind: 'status', status: 502, body: 'html', afterWork: true },
  ];
  test.each(faults)('run each cell once, whatever becomes of exchanges: %j', async (fault) => {
    await using fake = await startFakeAgentRun();
    await using provider = createAliyunProvider(configOf(fake));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    for (const seconds of [0, 0.3]) {
      fake.faults.add({ match: { operation: 'RunCommand' }, times: 2, fault });
      const context = await sandbox.createContext();
      expect(await valueOf(context, 'n = 0')).toBeUndefined();
      fake.faults.add({ match: { operation: 'RunCommand' }, times: 2, fault });
      expect(await valueOf(context, `import time\nn += 1\ntime.sleep(${seconds})\nn`)).toBe(1);
      fake.faults.clear();
      expect(await valueOf(context, 'n')).toBe(1);
      await context.destroy();
    }
    expect(fake.requests.some(({ faults: met }) => met.length > 0)).toBe(true);
  });

  test('leave files behind that the caller and others may read and change', async () => {
    await using fake = await startFakeAgentRun();
    await using provider = createAliyunProvider(configOf(fake));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const [first, second] = [await sandbox.createContext(), await sandbox.createContext()];
    const program = await sandbox.execute({ code: 'import os\ndef main():\n    return os.getuid()\n' });
    const users = [await valueOf(first, 'import os\nos.getuid()'), await valueOf(second, 'import os\nos.getuid()'), valueIn(program)];
    expect(new Set(users).size).toBe(process.getuid?.() === 0 ? 3 : 1);
    await valueOf(first, 'import os\nopen("shared", "w").write("first")\nopen("kept", "w").write("kept")\nos.chmod("kept", 0o600)');
    await valueOf(second, 'open("shared", "a").write(", second")');
    await sandbox.execute({ code: 'open("shared", "a").write(", program")' });
    await sandbox.writeFile('shared', `${await textOf(sandbox, 'shared')}, caller`);
    expect(await valueOf(first, 'open("shared").read()')).toBe('first, second, program, caller');
    expect(await textOf(sandbox, 'kept')).toBe('kept');
  });

  test('have the time that the configuration gives at most, where a cell does not say', async () => {
    await using fake = await startFakeAgentRun();
    await using provider = createAliyunProvider(configOf(fake, { timeoutMs: 1000 }));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const context = await sandbox.createContext();
    const result = await context.execute({ code: 'import time\ntime.sleep(20)' });
    expect(result.status).toBe('timed-out');
    expect(result.evidence.find(({ kind }) => kind === 'timer')).toMatchObject({ limitMs: 1000 });
    await expect(context.execute({ code: '1', limits: { timeoutMs: 1001 } })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

async function textOf(sandbox: Sandbox, path: string): Promise<string> {
  return new TextDecoder().decode(await sandbox.readFile(path));
}
