// @ts-check
import { describe, expect, it } from 'vitest';
import { findProgram, runCommand, sendSignal } from './command.mjs';
import { waitFor } from './deadline.mjs';

const node = process.execPath;

describe('runCommand', () => {
  it('takes arguments as they are and a failure as a result', async () => {
    const script = 'console.log(process.argv[1]); console.error("e"); process.exitCode = 3;';
    const result = await runCommand(node, ['-e', script, '$(id) "x"'], { timeoutMs: 10_000 });
    expect(result).toEqual({ exitCode: 3, stdout: '$(id) "x"\n', stderr: 'e\n' });
  });

  it('ends the program and its children when it is told to', async () => {
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'inherit' });
      console.log(child.pid);
      setInterval(() => 0, 1000);`;
    const controller = new AbortController();
    let childPid = 0;
    const onOutput = (/** @type {string} */ text) => {
      childPid = Number(text);
      controller.abort(new Error('enough'));
    };
    await expect(runCommand(node, ['-e', script], { timeoutMs: 10_000, signal: controller.signal, onOutput })).rejects.toThrow('enough');
    expect(childPid).toBeGreaterThan(0);
    expect(await waitFor(() => !sendSignal(childPid, 'SIGCONT'), { timeoutMs: 5_000, intervalMs: 10 })).toBe(true);
  });

  it('ends the program at the deadline', async () => {
    const work = runCommand(node, ['-e', 'setInterval(() => 0, 1000)'], { timeoutMs: 200 });
    await expect(work).rejects.toThrow('within 200 ms');
  });

  it('rejects when there is no such program', async () => {
    await expect(runCommand('/no/such/program', [], { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('findProgram', () => {
  it('knows the shell, and nothing by an unlikely name', () => {
    expect(findProgram('sh')).toMatch(/\/sh$/);
    expect(findProgram('no-such-program-anywhere')).toBeNull();
  });
});
