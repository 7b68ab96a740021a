import { randomUUID } from 'node:crypto';
import {
  monotonicClock,
  SandboxError,
  type Clock,
  type ExecutionResult,
  type IdempotencyRecord,
  type IdempotencyStore,
} from '@sandport/core';
import type { WarningListener } from '../warning-listener.ts';
import { callerKeyDigest, checkCallerKey } from './caller-key.ts';
import { callStore } from './call-store.ts';
import { giveBack, release, runFirstCall } from './first-call.ts';
import { IDEMPOTENCY_TIMING, type IdempotencyTiming } from './idempotency-timing.ts';
import type { KeyedCall, KeyedExecution, StartNotice } from './keyed-call.ts';
import { awaitFirstCall } from './later-call.ts';
import { replayOutcome, type ResultCodec } from './stored-outcome.ts';

/** How long a key is remembered when nothing else is said, in milliseconds: a day. */
const DEFAULT_IDEMPOTENCY_WINDOW_MS = 24 * 3_600_000;

/** Shortest and longest time for which a key can be remembered, in milliseconds. */
const WINDOW_RANGE = { min: 1000, max: 30 * DEFAULT_IDEMPOTENCY_WINDOW_MS } as const;

/** A call that is to run at most once. */
export interface ExecuteOnceOptions<Result extends ExecutionResult> {
  readonly store: IdempotencyStore;
  /** Whose key it is: another tenant's same key is another key. */
  readonly tenant: string;
  /** Chosen by the caller: 1 to 255 characters, well-formed Unicode. */
  readonly key: string;
  /** How long the key is remembered from its first call on, in milliseconds: 1000 to 2592000000. @default 86400000 */
  readonly windowMs?: number | undefined;
  /** `requestDigestOf` the request. */
  readonly requestDigest: string;
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the outcome of another call with the key, in milliseconds. @default 4200000, the longest that such a call may wait and run */
  readonly waitTimeoutMs?: number | undefined;
  readonly codec: ResultCodec<Result>;
  /**
   * Does the work. It calls `started` just before each moment at which the program may start. What it throws before that frees the key; what it throws after that is
   * the outcome for everybody.
   */
  readonly run: (started: StartNotice) => Promise<Result>;
  /** Told when an outcome could not be kept, or a key could not be given back: the caller gets its own result all the same. */
  readonly warn: WarningListener;
  /** @default the monotonic clock of this process */
  readonly now?: Clock | undefined;
  readonly timing?: Partial<IdempotencyTiming> | undefined;
}

/** A result that says where it comes from. */
export type OnceResult<Result extends ExecutionResult> = Result & {
  /** Whether it is that of an earlier call with the same key. Its output was told to the listener of that call alone. */
  readonly replayed: boolean;
};

/**
 * Runs a call, or gives the outcome of the first call with its key. Within the key's window the program is started at most once, however many callers in
 * however many processes send the key, and whenever one of them dies.
 *
 * - The first call's result or error is everybody's, a `cancelled` result too. A later caller's error has `replayed` among its details.
 * - A first call that failed before its program can have started frees the key, and one that waits for it runs instead.
 * - A first call whose process died is `IDEMPOTENT_CALL_LOST` until the window has passed. It is taken for dead when it has given no sign of life for 15 s of the
 *   waiting process's own time in which it could listen.
 * - An outcome above 8 MiB is not kept; later calls get `IDEMPOTENT_CALL_LOST`, which says so.
 *
 * @throws SandboxError `REQUEST_INVALID` (`idempotencyKey`, `idempotencyWindowMs`); `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENT_CALL_LOST`; `DEADLINE_EXCEEDED` when the first call
 *   goes on longer than `waitTimeoutMs`; `SETTINGS_UNAVAILABLE` when the store does not answer, and nothing was run; `CANCELLED`; and what `run` throws.
 */
export async function executeOnce<Result extends ExecutionResult>(options: ExecuteOnceOptions<Result>): Promise<OnceResult<Result>> {
  const call = callOf(options);
  for (;;) {
    const owner = randomUUID();
    const first = await claim(call, owner);
    if (first === undefined) return { ...(await runFirstCall(call, owner)), replayed: false };
    const end = await awaitFirstCall(call, first);
    if (end.kind === 'finished') return { ...replayOutcome(call.codec, end.outcome), replayed: true };
  }
}

/**
 * Checks what a caller says of idempotency, before anything is done.
 *
 * @throws SandboxError `REQUEST_INVALID` naming `idempotencyKey` or `idempotencyWindowMs`.
 */
export function checkIdempotency(key: unknown, windowMs: unknown): void {
  checkCallerKey('idempotencyKey', key);
  if (windowMs === undefined) return;
  const { min, max } = WINDOW_RANGE;
  if (typeof windowMs === 'number' && Number.isInteger(windowMs) && windowMs >= min && windowMs <= max) return;
  throw new SandboxError('REQUEST_INVALID', `idempotencyWindowMs: must be a whole number of ${min} to ${max}.`, {
    suggestion: 'Correct "idempotencyWindowMs" and call again; nothing was created or run.',
    details: { field: 'idempotencyWindowMs' },
  });
}

function callOf<Result extends ExecutionResult>(options: ExecuteOnceOptions<Result>): KeyedExecution<Result> {
  const { store, tenant, key, requestDigest, signal, codec, run, warn } = options;
  checkIdempotency(key, options.windowMs);
  const timing = { ...IDEMPOTENCY_TIMING, ...options.timing };
  const now = options.now ?? monotonicClock;
  return {
    store,
    keyDigest: callerKeyDigest(tenant, key),
    requestDigest,
    windowMs: options.windowMs ?? DEFAULT_IDEMPOTENCY_WINDOW_MS,
    signal,
    codec,
    run,
    warn,
    now,
    timing,
    waitUntil: now() + (options.waitTimeoutMs ?? timing.waitTimeoutMs),
  };
}

/** Makes this call the owner of its key, and gives `undefined`; else says what is known of the first call. */
async function claim(call: KeyedCall, owner: string): Promise<IdempotencyRecord | undefined> {
  const { store, keyDigest, requestDigest, windowMs, signal, timing } = call;
  let pending: Promise<IdempotencyRecord | undefined> | undefined;
  try {
    return await callStore({ operation: 'claimIdempotencyKey', signal, timeoutMs: timing.storeTimeoutMs }, (inner) => {
      pending = store.claim({ keyDigest, requestDigest, owner, windowMs }, { signal: inner });
      return pending;
    });
  } catch (error) {
    if (pending !== undefined) void takeBack(call, owner, pending);
    throw error;
  }
}

/** A claim whose answer nobody waited for may have been recorded all the same; without this, the key would be lost although nothing ran. */
async function takeBack(call: KeyedCall, owner: string, pending: Promise<IdempotencyRecord | undefined>): Promise<void> {
  const [answer] = await Promise.allSettled([pending]);
  if (answer.status === 'rejected') {
    // Whether it was recorded is not known, and the caller has been told of the failure. A record that stays is taken for lost in time.
    await Promise.allSettled([release(call, owner)]);
  } else if (answer.value === undefined) {
    await giveBack(call, owner);
  }
}
