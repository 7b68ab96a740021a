// @ts-check
import { describe, expect, it } from 'vitest';
import { untilAborted, waitFor, withDeadline } from './deadline.mjs';
import { DeadlineError } from './errors.mjs';

/** @type {Promise<never>} */
const never = new Promise(() => undefined);

describe('withDeadline', () => {
  it('hands on the result and the error of the work', async () => {
    await expect(withDeadline({ what: 'it', timeoutMs: 1_000 }, () => Promise.resolve(7))).resolves.toBe(7);
    await expect(withDeadline({ what: 'it', timeoutMs: 1_000 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('names what took too long', async () => {
    const work = withDeadline({ what: 'waiting', timeoutMs: 10 }, (signal) => untilAborted(never, signal));
    await expect(work).rejects.toThrow(new DeadlineError('waiting', 10));
  });

  it("ends with the caller's own reason", async () => {
    const controller = new AbortController();
    const work = withDeadline({ what: 'waiting', timeoutMs: 10_000, signal: controller.signal }, (signal) => untilAborted(never, signal));
    controller.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
  });
});

describe('waitFor', () => {
  it('tells whether the condition came true in time', async () => {
    let asked = 0;
    expect(await waitFor(() => ++asked === 3, { timeoutMs: 1_000, intervalMs: 1 })).toBe(true);
    expect(await waitFor(() => false, { timeoutMs: 10, intervalMs: 1 })).toBe(false);
  });
});
