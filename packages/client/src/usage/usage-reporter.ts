import { SandboxError, type Clock, type ExecutionResult, type PoolState, type SettingsStore, type UsageStore } from '@sandport/core';
import { withinDeadline } from '../configuration/within-deadline.ts';
import { clientErrorTypeOf } from '../telemetry/client-attribute-values.ts';
import type { WarningListener } from '../warning-listener.ts';
import { UsageTally, type CallOutcome } from './usage-tally.ts';

/** Times of a {@link UsageReporter}, in milliseconds. */
export interface UsageTiming {
  /** Pause between something new and its being written. */
  readonly flushMs: number;
  /** Longest pause while writing fails. */
  readonly maxPauseMs: number;
  /** Deadline of one write. */
  readonly writeTimeoutMs: number;
  /** Deadline of the last write, for which `close` waits. */
  readonly lastWriteTimeoutMs: number;
  /** Pause between two looks at the pools while calls come. */
  readonly poolMs: number;
}

/** See {@link UsageTiming}. */
const USAGE_TIMING: UsageTiming = {
  flushMs: 10_000,
  maxPauseMs: 60_000,
  writeTimeoutMs: 10_000,
  lastWriteTimeoutMs: 2000,
  poolMs: 1000,
};

/** What a {@link UsageReporter} works with. */
export interface UsageReporterOptions {
  readonly isWanted: boolean;
  readonly settings: () => Promise<SettingsStore>;
  /** What the pools have now, by the id of their provider. */
  readonly pools: () => ReadonlyMap<string, PoolState>;
  /** The provider that the stored configuration names; `undefined` where it names none of those that this program carries. */
  readonly chosenId: () => string | undefined;
  readonly warn: WarningListener;
  readonly now: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: Clock;
  readonly timing?: UsageTiming;
}

/**
 * Counts calls, and writes down now and then what was counted, so that an operator sees those of all programs. No call waits for it, and none fails because of it: what cannot be
 * written is kept for later. It keeps no process alive.
 */
export class UsageReporter {
  readonly #options: UsageReporterOptions;
  readonly #timing: UsageTiming;
  readonly #tally = new UsageTally();
  readonly #closing = new AbortController();
  #isOn: boolean;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #failuresInRow = 0;
  #nextPoolLookMs = Number.NEGATIVE_INFINITY;

  constructor(options: UsageReporterOptions) {
    this.#options = options;
    this.#timing = options.timing ?? USAGE_TIMING;
    this.#isOn = options.isWanted;
  }

  /**
   * Carries out a call and counts it. It resolves and rejects exactly as `run` does.
   *
   * @param providerOf the provider that was asked last. A call that asked none counts for the chosen one, and for nobody where there is none.
   * @param isCounted whether an error is one of a call that could not be served. @default every one
   */
  async watch<Result extends Pick<ExecutionResult, 'status'>>(
    providerOf: () => string | undefined,
    run: () => Promise<Result>,
    isCounted: (errorCode: string) => boolean = () => true,
  ): Promise<Result> {
    if (!this.#isOn) return run();
    const beganMs = this.#options.now();
    try {
      const result = await run();
      this.#count(providerOf(), { status: result.status }, this.#options.now() - beganMs);
      return result;
    } catch (error) {
      const errorCode = clientErrorTypeOf(error);
      if (isCounted(errorCode)) this.#count(providerOf(), { errorCode }, 0);
      throw error;
    }
  }

  /** Carries out what makes no result, and counts it when it fails. It resolves and rejects exactly as `run` does. */
  async watchFailures<Value>(providerOf: () => string | undefined, run: () => Promise<Value>): Promise<Value> {
    try {
      return await run();
    } catch (error) {
      this.#count(providerOf(), { errorCode: clientErrorTypeOf(error) }, 0);
      throw error;
    }
  }

  /** Looks at the pools for the last time. To be called while there are providers still. */
  notePools(): void {
    if (this.#isOn) this.#lookAtPools();
  }

  /** Writes what was not written yet, as far as that goes in a short time. Never rejects. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closing.abort();
    await this.#writing;
    if (this.#isOn && this.#tally.hasUnwritten) await this.#write(this.#timing.lastWriteTimeoutMs, false);
    this.#isOn = false;
  }

  #count(askedId: string | undefined, outcome: CallOutcome, latencyMs: number): void {
    if (!this.#isOn) return;
    const providerId = askedId ?? this.#options.chosenId();
    if (providerId === undefined) return;
    this.#tally.count(this.#options.wallClock(), providerId, outcome, latencyMs);
    if (this.#options.now() >= this.#nextPoolLookMs) this.#lookAtPools();
    this.#schedule(this.#timing.flushMs);
  }

  /** A provider that cannot tell must not fail the call that is just over. */
  #lookAtPools(): void {
    if (this.#nextPoolLookMs === Number.POSITIVE_INFINITY) return;
    this.#nextPoolLookMs = this.#options.now() + this.#timing.poolMs;
    try {
      for (const [providerId, pool] of this.#options.pools()) this.#tally.notePool(this.#options.wallClock(), providerId, pool);
    } catch (error) {
      this.#nextPoolLookMs = Number.POSITIVE_INFINITY;
      this.#options.warn(poolsUnknown(error));
    }
  }

  #schedule(pauseMs: number): void {
    if (this.#timer !== undefined || this.#writing !== undefined || this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => this.#flush(), pauseMs).unref();
  }

  #flush(): void {
    this.#timer = undefined;
    this.#lookAtPools();
    this.#writing = this.#write(this.#timing.writeTimeoutMs, true).finally(() => {
      this.#writing = undefined;
      const { flushMs, maxPauseMs } = this.#timing;
      if (this.#isOn && this.#tally.hasUnwritten)
        this.#schedule(Math.min(flushMs * 2 ** Math.min(this.#failuresInRow, 10), Math.max(maxPauseMs, flushMs)));
    });
  }

  /** What it meets is a warning, once until it goes well again. */
  async #write(timeoutMs: number, isBackground: boolean): Promise<void> {
    const { rows, markWritten } = this.#tally.unwritten();
    const onTimeout = () => tooSlow(timeoutMs);
    try {
      const signal = isBackground ? this.#closing.signal : undefined;
      const store = await withinDeadline({ timeoutMs, isBackground, onTimeout, signal }, async (aborted) => {
        const { usage } = await this.#options.settings();
        await usage?.write(rows, { signal: aborted });
        return usage;
      });
      this.#noteWritten(store, markWritten);
    } catch (error) {
      // Closing begins the write anew, with a deadline of its own.
      if (isBackground && this.#closing.signal.aborted) return;
      this.#failuresInRow += 1;
      if (this.#failuresInRow === 1) this.#options.warn(notWritten(error));
    }
  }

  #noteWritten(store: UsageStore | undefined, markWritten: () => void): void {
    this.#failuresInRow = 0;
    markWritten();
    // Settings that keep nothing of it are not asked again.
    if (store === undefined) this.#isOn = false;
  }
}

function poolsUnknown(cause: unknown): SandboxError {
  return new SandboxError('INTERNAL', 'A provider could not tell what its pool has; the pools are not reported any more.', {
    operation: 'describePool',
    suggestion: 'Report it with the cause to whoever made the provider; no call is affected.',
    cause,
  });
}

function tooSlow(timeoutMs: number): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', `The settings did not take the counted calls within ${timeoutMs} ms.`, {
    operation: 'writeUsage',
    suggestion: 'Check that the database of the settings runs and is not overloaded.',
  });
}

function notWritten(cause: unknown): SandboxError {
  return new SandboxError(
    'SETTINGS_UNAVAILABLE',
    'What was counted of calls could not be written down; it is kept for later, and no call is affected.',
    {
      operation: 'writeUsage',
      suggestion:
        'Let this program write the tables "sandport_usage" and "sandport_usage_hours", or create the client with `reportUsage: false`.',
      cause,
    },
  );
}
