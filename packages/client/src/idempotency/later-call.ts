import { setTimeout as pause } from 'node:timers/promises';
import { SandboxError, type Clock, type IdempotencyRecord } from '@sandport/core';
import { callStore, isOutage } from './call-store.ts';
import type { KeyedCall } from './keyed-call.ts';
import type { IdempotencyTiming } from './idempotency-timing.ts';

/** How much longer each pause is than the one before. */
const PAUSE_GROWTH = 1.5;

/** What a later call learned: the outcome of the first one, or that the key is free again. */
export type FirstCallEnd = { readonly kind: 'finished'; readonly outcome: string | undefined } | { readonly kind: 'released' };

/**
 * Waits for the outcome of the first call with a key.
 *
 * @throws SandboxError `IDEMPOTENCY_KEY_REUSED` when that call asked for something else; `IDEMPOTENT_CALL_LOST` when it ended without a word;
 *   `DEADLINE_EXCEEDED` when it runs longer than this one waits; `SETTINGS_UNAVAILABLE` when the database does not answer for long; `CANCELLED`.
 */
export async function awaitFirstCall(call: KeyedCall, first: IdempotencyRecord): Promise<FirstCallEnd> {
  const silence = new OwnerSilence(call.now, call.timing);
  let pauseMs = call.timing.pollMinMs;
  let record: IdempotencyRecord | undefined = first;
  let failingSince: number | undefined;
  for (;;) {
    const end = await judge(call, record, silence);
    if (end !== undefined) return end;
    await rest(call, pauseMs);
    pauseMs = Math.min(pauseMs * PAUSE_GROWTH, call.timing.pollMaxMs);
    try {
      record = await look(call);
      failingSince = undefined;
    } catch (error) {
      failingSince ??= call.now();
      if (!isOutage(error) || call.now() - failingSince >= call.timing.outageMs) throw error;
      // Whoever could not listen has not heard any silence: the owner may be cut off just as we are.
      silence.interrupt();
    }
  }
}

/** What a record says of the first call; `undefined` when there is nothing but to wait. */
async function judge(call: KeyedCall, record: IdempotencyRecord | undefined, silence: OwnerSilence): Promise<FirstCallEnd | undefined> {
  if (record === undefined) return { kind: 'released' };
  if (record.requestDigest !== call.requestDigest) throw keyReused();
  if (record.state === 'finished') return { kind: 'finished', outcome: record.outcome };
  if (record.state === 'lost') throw lost();
  if (silence.lengthAfter(record) < call.timing.silenceMs) return undefined;
  if (await markLost(call, record)) throw lost();
  silence.interrupt();
  return undefined;
}

function look({ store, keyDigest, signal, timing }: KeyedCall): Promise<IdempotencyRecord | undefined> {
  return callStore({ operation: 'findIdempotencyKey', signal, timeoutMs: timing.storeTimeoutMs }, (inner) =>
    store.find(keyDigest, { signal: inner }),
  );
}

/** `false` when the owner showed a sign of life after all, and when nobody could be told. */
async function markLost({ store, keyDigest, signal, timing }: KeyedCall, { owner, beat }: IdempotencyRecord): Promise<boolean> {
  try {
    return await callStore({ operation: 'markIdempotencyKeyLost', signal, timeoutMs: timing.storeTimeoutMs }, (inner) =>
      store.markLost(keyDigest, { owner, beat }, { signal: inner }),
    );
  } catch (error) {
    if (!isOutage(error)) throw error;
    return false;
  }
}

async function rest({ signal, now, waitUntil }: KeyedCall, pauseMs: number): Promise<void> {
  const remainingMs = waitUntil - now();
  if (remainingMs <= 0) throw waitedTooLong();
  try {
    await pause(Math.min(pauseMs, remainingMs), undefined, { signal });
  } catch (error) {
    throw new SandboxError('CANCELLED', 'The call was withdrawn while it waited for the first call with its idempotency key.', {
      operation: 'awaitFirstCall',
      suggestion: 'Call again with the same key to get the outcome of that call.',
      cause: signal?.reason ?? error,
    });
  }
}

/** How long an owner has given no sign of life, by this process's own clock and as far as it has listened. */
class OwnerSilence {
  readonly #now: Clock;
  readonly #lookMs: number;
  #seen: Pick<IdempotencyRecord, 'owner' | 'beat'> | undefined;
  #lookedAt = 0;
  #lengthMs = 0;

  constructor(now: Clock, { lookMs }: IdempotencyTiming) {
    this.#now = now;
    this.#lookMs = lookMs;
  }

  lengthAfter({ owner, beat }: IdempotencyRecord): number {
    const lookedAt = this.#now();
    const isSame = this.#seen?.owner === owner && this.#seen.beat === beat;
    // A machine that was asleep, or a process that was busy, has heard nothing in that time, and the owner may have been asleep with it.
    this.#lengthMs = isSame ? this.#lengthMs + Math.min(lookedAt - this.#lookedAt, this.#lookMs) : 0;
    this.#seen = { owner, beat };
    this.#lookedAt = lookedAt;
    return this.#lengthMs;
  }

  interrupt(): void {
    this.#seen = undefined;
  }
}

function keyReused(): SandboxError {
  return new SandboxError('IDEMPOTENCY_KEY_REUSED', 'The idempotency key was used for another request.', {
    operation: 'awaitFirstCall',
    suggestion: 'Choose a key of its own for each request; nothing was run.',
    details: { field: 'idempotencyKey' },
  });
}

function lost(): SandboxError {
  return new SandboxError('IDEMPOTENT_CALL_LOST', 'The first call with this idempotency key ended without a word.', {
    operation: 'awaitFirstCall',
    suggestion: 'Find out whether its program did what it should; call with another key if it may run again.',
  });
}

function waitedTooLong(): SandboxError {
  return new SandboxError('DEADLINE_EXCEEDED', 'The first call with this idempotency key goes on for longer than this one waits.', {
    operation: 'awaitFirstCall',
    suggestion: 'Call again with the same key to get its outcome.',
  });
}
