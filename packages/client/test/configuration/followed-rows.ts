import { onTestFinished } from 'vitest';
import { ConfigurationFollower, type ConfigurationFollowerOptions } from '../../src/configuration/configuration-follower.ts';
import type { RowTexts } from '../../src/configuration/configuration-reader.ts';
import type { FollowerTiming } from '../../src/configuration/follower-timing.ts';

const TIMING: FollowerTiming = {
  pollIntervalMs: 10,
  idleAfterMs: 60_000,
  catchUpMs: 50,
  latenessMs: 5_000,
  firstReadTimeoutMs: 5_000,
  readTimeoutMs: 5_000,
  maxPauseMs: 40,
};

/** Rows whose reading can be held up and broken. */
class FakeRows {
  text = 'one';
  readCount = 0;
  openReads = 0;
  peakReads = 0;
  failure: Error | undefined;
  signals: AbortSignal[] = [];
  /** Awaited by each read after it saw the rows. */
  held: Promise<void> = Promise.resolve();

  async read(signal: AbortSignal): Promise<RowTexts> {
    this.readCount += 1;
    this.signals.push(signal);
    this.openReads += 1;
    this.peakReads = Math.max(this.peakReads, this.openReads);
    const { text } = this;
    try {
      await this.held;
      if (this.failure !== undefined) throw this.failure;
      return new Map([['row', text]]);
    } finally {
      this.openReads -= 1;
    }
  }

  /** Holds up every read from now on, until the returned function is called. */
  hold(): () => void {
    let open: () => void = () => undefined;
    this.held = new Promise((resolve) => {
      open = resolve;
    });
    return () => {
      this.held = Promise.resolve();
      open();
    };
  }
}

/** A follower of such rows, whose clocks are a test's. It is closed when the test is over. */
export function followRows(timing: Partial<FollowerTiming> = {}, options: Partial<ConfigurationFollowerOptions<string>> = {}) {
  const rows = new FakeRows();
  const clock = { nowMs: 0, wallMs: 1_000 };
  const changes: (readonly [string, string | undefined])[] = [];
  const follower = new ConfigurationFollower<string>({
    read: (signal) => rows.read(signal),
    snapshotOf: (texts) => texts.get('row') ?? '',
    onChange: (snapshot, former) => {
      changes.push([snapshot, former]);
      return Promise.resolve();
    },
    timing: { ...TIMING, ...timing },
    now: () => clock.nowMs,
    wallClock: () => clock.wallMs,
    ...options,
  });
  onTestFinished(() => follower.close());
  return { follower, rows, clock, changes };
}
