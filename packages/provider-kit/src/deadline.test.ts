import { SandboxError } from '@sandport/core';
import { describe, expect, it } from 'vitest';
import { throwIfCancelled, withDeadline } from './deadline.ts';

const options = { timeoutMs: 20, providerId: 'test', operation: 'wait' };
const never = new Promise<never>(() => undefined);

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  return SandboxError.isInstance(error) ? error.code : undefined;
}

describe('withDeadline', () => {
  it('gives what the callee gives', async () => {
    expect(await withDeadline(options, async () => 5)).toBe(5);
  });

  it('throws what the callee throws', async () => {
    const failure = new Error('broken');
    await expect(withDeadline(options, () => Promise.reject(failure))).rejects.toBe(failure);
  });

  it('settles at the deadline although the callee never does', async () => {
    expect(await codeOf(withDeadline(options, () => never))).toBe('DEADLINE_EXCEEDED');
  });

  it('tells the callee, and reports its own reason when the callee fails because of that', async () => {
    const obedient = (signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted, in words of its own')));
      });
    expect(await codeOf(withDeadline(options, obedient))).toBe('DEADLINE_EXCEEDED');
  });

  it('settles when the caller aborts, with the reason as cause', async () => {
    const controller = new AbortController();
    const call = withDeadline({ ...options, timeoutMs: 60_000, signal: controller.signal }, () => never);
    const reason = new Error('no longer wanted');
    controller.abort(reason);
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED', cause: reason });
  });

  it('does not begin when the caller has aborted already', async () => {
    let began = false;
    const signal = AbortSignal.abort();
    const call = withDeadline({ ...options, signal }, async () => {
      began = true;
    });
    expect(await codeOf(call)).toBe('CANCELLED');
    expect(began).toBe(false);
    expect(() => throwIfCancelled({ ...options, signal })).toThrow(SandboxError);
  });
});
