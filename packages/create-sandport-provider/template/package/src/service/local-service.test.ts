import { Buffer } from 'node:buffer';
import { afterEach, describe, expect, test } from 'vitest';
import { LocalService } from './local-service.ts';

const signal = new AbortController().signal;
const service = new LocalService('python3');
const made: string[] = [];

afterEach(() => Promise.all(made.splice(0).map((id) => service.deleteSandbox(id))));

async function make(): Promise<string> {
  const { id } = await service.createSandbox(signal);
  made.push(id);
  return id;
}

/** Starts a process that nobody waits for, in a session of its own, and says which it is. */
const LEAVE_ONE = `
import os, sys, time
reader, writer = os.pipe()
if os.fork() == 0:
    os.setsid()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        os.write(writer, str(os.getpid()).encode())
        os.close(writer)
        time.sleep(600)
    os._exit(0)
os.wait()
print(os.read(reader, 100).decode())
`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

describe('the stand-in for a service', () => {
  test('runs programs side by side, in a folder that is their sandbox’s', async () => {
    const id = await make();
    const programs = [1, 2, 3].map((number) =>
      service.runPython(id, Buffer.from(`import os\nprint(${number}, os.getcwd() == os.environ["TMPDIR"])`), signal),
    );
    expect(await Promise.all(programs)).toEqual(['1 True\n', '2 True\n', '3 True\n']);
  });

  test('ends with a sandbox what its programs left, wherever it hid', async () => {
    const id = await make();
    const pid = Number(await service.runPython(id, Buffer.from(LEAVE_ONE), signal));
    expect([pid > 1, isAlive(pid)]).toEqual([true, true]);
    await service.deleteSandbox(id);
    expect([isAlive(pid), await service.hasSandbox(id)]).toEqual([false, false]);
    await expect(service.runPython(id, Buffer.from('print(1)'), signal)).rejects.toMatchObject({ facts: { status: 404 } });
  });

  test('tells a program that failed by its code, and keeps the sandbox', async () => {
    const id = await make();
    await expect(service.runPython(id, Buffer.from('raise SystemExit(3)'), signal)).rejects.toMatchObject({ facts: { code: 'EXIT_3' } });
    expect(await service.runPython(id, Buffer.from('print(1)'), signal)).toBe('1\n');
  });

  test('gives up a program whose caller does', async () => {
    const id = await make();
    const giveUp = new AbortController();
    const running = service.runPython(id, Buffer.from('import time\ntime.sleep(600)'), giveUp.signal);
    giveUp.abort(new Error('not wanted any more'));
    await expect(running).rejects.toThrow('not wanted any more');
    expect(await service.runPython(id, Buffer.from('print(1)'), signal)).toBe('1\n');
  });

  test('says that there is no Python', async () => {
    const nowhere = new LocalService('/nowhere/python3');
    await expect(nowhere.createSandbox(signal)).rejects.toMatchObject({ facts: { kind: 'unreachable', code: 'ENOENT' } });
  });
});
