// @ts-check
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

  test('passes on a fault, and listens no longer', async () => {
    const before = process.listenerCount('SIGHUP');
    await expect(withInterruption(() => Promise.reject(new RangeError('wrong')))).rejects.toThrow(RangeError);
    expect(process.listenerCount('SIGHUP')).toBe(before);
  });
});
