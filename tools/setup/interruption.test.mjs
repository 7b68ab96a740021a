// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { withInterruption } from './interruption.mjs';

/** SIGHUP, because it means nothing to the process that runs the tests. */
const interrupt = () => void process.emit('SIGHUP', 'SIGHUP');

describe('withInterruption', () => {
  test('gives the exit code of work that nobody interrupts', async () => {
    expect(await withInterruption(async () => 3)).toBe(3);
  });

  test('lets interrupted work end what it started, and names the signal', async () => {
    let isEnded = false;
    const exitCode = await withInterruption(async (signal) => {
      interrupt();
      try {
        signal.throwIfAborted();
        return 0;
      } finally {
        isEnded = true;
      }
    });
    expect(isEnded).toBe(true);
    expect(exitCode).toBe(129);
  });

  test('names the signal also when the work takes no notice', async () => {
    const work = async () => {
      interrupt();
      return 0;
    };
    expect(await withInterruption(work)).toBe(129);
  });

  test('notices that the process that started it is gone', async () => {
    const module = new URL('interruption.mjs', import.meta.url).href;
    const code = `
      import { withInterruption } from ${JSON.stringify(module)};
      await withInterruption((signal) => new Promise((resolve) => {
        console.log('started');
        const keepAlive = setTimeout(resolve, 20_000, 1);
        signal.addEventListener('abort', () => { clearTimeout(keepAlive); console.log('ended'); resolve(0); });
      }));`;
    const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    shell.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      shell.kill('SIGTERM');
    });
    await once(shell, 'close');
    expect(shell.signalCode).toBe('SIGTERM');
    expect(output).toBe('started\nended\n');
  });

  test('passes on a fault, and listens no longer', async () => {
    const before = process.listenerCount('SIGHUP');
    await expect(withInterruption(() => Promise.reject(new RangeError('wrong')))).rejects.toThrow(RangeError);
    expect(process.listenerCount('SIGHUP')).toBe(before);
  });
});
