import { setTimeout as pause } from 'node:timers/promises';
import { SandboxError } from '@sandport/core';
import { callStore, isOutage } from './call-store.ts';
import { Heartbeat } from './heartbeat.ts';
import type { KeyedCall, KeyedExecution, StartNotice } from './keyed-call.ts';
import { encodeFailure, encodeResult, type EncodedOutcome } from './stored-outcome.ts';

/**
 * Runs the call that owns its key, and stores what came of it for all others. The caller gets its own result or error whatever becomes of the storing.
 * A call that failed before the program can have been started gives its key back.
 */
export async function runFirstCall<Result>(call: KeyedExecution<Result>, owner: string): Promise<Result> {
  const heartbeat = new Heartbeat(call.timing.beatMs, () => beat(call, owner));
  let startCount = 0;
  const started: StartNotice = () => {
    startCount += 1;
    let counts = 1;
    return () => {
      startCount -= counts;
      counts = 0;
    };
  };
  let ending = async (): Promise<void> => giveBack(call, owner);
  try {
    const result = await call.run(started);
    ending = () => keep(call, owner, encodeResult(call.codec, result), heartbeat);
    return result;
  } catch (error) {
    if (startCount > 0) ending = () => keep(call, owner, encodeFailure(error), heartbeat);
    throw error;
  } finally {
    const stored = ending().finally(() => heartbeat.stop());
    await waitFor(stored, call);
  }
}

function beat({ store, keyDigest, timing }: KeyedCall, owner: string): Promise<boolean> {
  return callStore({ operation: 'beatIdempotencyKey', timeoutMs: timing.storeTimeoutMs }, (signal) =>
    store.beat(keyDigest, owner, { signal }),
  );
}

/** Frees a key whose program was not started, without the caller's signal. It never rejects. */
export async function giveBack(call: KeyedCall, owner: string): Promise<void> {
  try {
    await release(call, owner);
  } catch (error) {
    call.warn(
      new SandboxError('SETTINGS_UNAVAILABLE', 'An idempotency key could not be given back; calls with it will find its first call lost.', {
        operation: 'releaseIdempotencyKey',
        suggestion: 'Nothing was run: call again with another key.',
        cause: error,
      }),
    );
  }
}

/** Frees a key, if it is the owner's. */
export function release({ store, keyDigest, timing }: KeyedCall, owner: string): Promise<boolean> {
  return callStore({ operation: 'releaseIdempotencyKey', timeoutMs: timing.storeTimeoutMs }, (signal) =>
    store.release(keyDigest, owner, { signal }),
  );
}

/** Stores an outcome, trying again for a while. It never rejects. */
async function keep(call: KeyedCall, owner: string, outcome: EncodedOutcome, heartbeat: Heartbeat): Promise<void> {
  const { timing, now, warn } = call;
  const lastTryAt = now() + timing.keepMs;
  let failure: unknown;
  for (;;) {
    try {
      const remainingMs = Math.max(1, Math.min(timing.storeTimeoutMs, lastTryAt - now()));
      if (!(await finish(call, owner, outcome.text, remainingMs))) return warn(takenForLost(failure ?? heartbeat.lastFailure));
      if (outcome.problem !== undefined) warn(outcome.problem);
      return;
    } catch (error) {
      if (!isOutage(error) || now() + timing.keepPauseMs >= lastTryAt) return warn(notStored(error));
      failure = error;
    }
    await pause(timing.keepPauseMs);
  }
}

/** Whether the outcome is stored now, also by an earlier try whose answer was lost. */
async function finish(call: KeyedCall, owner: string, text: string, timeoutMs: number): Promise<boolean> {
  const { store, keyDigest } = call;
  const operation = 'keepOutcome';
  if (await callStore({ operation, timeoutMs }, (signal) => store.finish(keyDigest, owner, text, { signal }))) return true;
  const record = await callStore({ operation, timeoutMs }, (signal) => store.find(keyDigest, { signal }));
  return record?.owner === owner && record.state === 'finished';
}

/** A caller that withdrew the call is kept no longer than it takes a database that is well. The storing itself goes on. */
async function waitFor(stored: Promise<void>, { signal, timing }: KeyedCall): Promise<void> {
  if (signal === undefined) return stored;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: () => void = () => undefined;
  const withdrawn = new Promise<void>((resolve) => {
    onAbort = () => {
      timer = setTimeout(resolve, timing.withdrawnMs);
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([stored, withdrawn]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function takenForLost(cause: unknown): SandboxError {
  return new SandboxError(
    'IDEMPOTENT_CALL_LOST',
    'Another call with the same idempotency key took this one for dead; its outcome is not kept.',
    {
      operation: 'keepOutcome',
      suggestion: 'Check that the database of the settings answers in time; this call keeps its own result.',
      cause,
    },
  );
}

function notStored(cause: unknown): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', 'The outcome of a call with an idempotency key could not be stored.', {
    operation: 'keepOutcome',
    suggestion: 'This call keeps its own result; later ones with the same key will find it lost, and will not run the program again.',
    cause,
  });
}
