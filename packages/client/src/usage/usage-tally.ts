import { randomUUID } from 'node:crypto';
import { USAGE_LATENCY_BOUNDS_MS, usageLatencyBucket, type ExecutionStatus, type PoolState, type UsageRow } from '@sandport/core';

const MINUTE_MS = 60_000;

/** Rows that are kept at most while they cannot be written: some hours of a client with one provider. The oldest go first. */
const MAX_ROWS = 240;

/** What became of a call: its program ran, or it could not be served. */
export type CallOutcome = { readonly status: ExecutionStatus } | { readonly errorCode: string };

/** A row that is being counted. */
interface CountedRow {
  readonly clientId: string;
  readonly minuteMs: number;
  readonly providerId: string;
  readonly statuses: Partial<Record<ExecutionStatus, number>>;
  readonly errors: Record<string, number>;
  readonly latencyBuckets: number[];
  pool: PoolState | null;
  /** Grows with each change. */
  revision: number;
  writtenRevision: number;
}

/** Rows to be written, and what to call when they are. */
export interface UnwrittenRows {
  readonly rows: readonly UsageRow[];
  /** Forgets what need not be written again. */
  readonly markWritten: () => void;
}

/** Counts calls by provider and minute. A row is kept for as long as its minute goes on, or as it was not written. */
export class UsageTally {
  readonly #rows = new Map<string, CountedRow>();
  #clientId: string = randomUUID();
  #minuteMs = 0;

  /** Whether something was counted that was not written. */
  get hasUnwritten(): boolean {
    for (const { revision, writtenRevision } of this.#rows.values()) if (revision !== writtenRevision) return true;
    return false;
  }

  /** @param latencyMs counts only for a call whose program ran. */
  count(nowMs: number, providerId: string, outcome: CallOutcome, latencyMs: number): void {
    const row = this.#rowOf(nowMs, providerId);
    row.revision += 1;
    if ('errorCode' in outcome) {
      row.errors[outcome.errorCode] = (row.errors[outcome.errorCode] ?? 0) + 1;
      return;
    }
    row.statuses[outcome.status] = (row.statuses[outcome.status] ?? 0) + 1;
    const bucket = usageLatencyBucket(latencyMs);
    row.latencyBuckets[bucket] = (row.latencyBuckets[bucket] ?? 0) + 1;
  }

  /** The highest numbers of a minute count. A pool of which no call told in this minute says nothing new. */
  notePool(nowMs: number, providerId: string, pool: PoolState): void {
    const row = this.#rows.get(this.#keyOf(minuteOf(nowMs), providerId));
    if (row === undefined) return;
    const highest = row.pool === null ? pool : highestOf(row.pool, pool);
    if (row.pool !== null && areSame(row.pool, highest)) return;
    row.pool = highest;
    row.revision += 1;
  }

  unwritten(): UnwrittenRows {
    const pending = [...this.#rows.entries()].filter(([, { revision, writtenRevision }]) => revision !== writtenRevision);
    const seen = pending.map(([key, row]) => ({ key, row, revision: row.revision }));
    const markWritten = () => {
      for (const { key, row, revision } of seen) {
        row.writtenRevision = revision;
        // Whatever is counted from now on belongs to a later minute, or to another client id.
        if (row.revision === revision && (row.minuteMs < this.#minuteMs || row.clientId !== this.#clientId)) this.#rows.delete(key);
      }
    };
    return { rows: pending.map(([, row]) => toUsageRow(row)), markWritten };
  }

  #rowOf(nowMs: number, providerId: string): CountedRow {
    this.#goTo(minuteOf(nowMs));
    const key = this.#keyOf(this.#minuteMs, providerId);
    const found = this.#rows.get(key);
    if (found !== undefined) return found;
    const row: CountedRow = {
      clientId: this.#clientId,
      minuteMs: this.#minuteMs,
      providerId,
      statuses: {},
      errors: {},
      latencyBuckets: USAGE_LATENCY_BOUNDS_MS.map(() => 0),
      pool: null,
      revision: 0,
      writtenRevision: 0,
    };
    this.#rows.set(key, row);
    this.#dropOldest();
    return row;
  }

  #goTo(minuteMs: number): void {
    if (minuteMs === this.#minuteMs) return;
    // A clock that went back would have rows written anew that are forgotten here. Those of another client stay beside them.
    if (minuteMs < this.#minuteMs) this.#clientId = randomUUID();
    this.#minuteMs = minuteMs;
    for (const [key, { revision, writtenRevision }] of this.#rows) if (revision === writtenRevision) this.#rows.delete(key);
  }

  #dropOldest(): void {
    for (const key of this.#rows.keys()) {
      if (this.#rows.size <= MAX_ROWS) return;
      this.#rows.delete(key);
    }
  }

  #keyOf(minuteMs: number, providerId: string): string {
    return `${this.#clientId} ${minuteMs} ${providerId}`;
  }
}

function minuteOf(nowMs: number): number {
  return Math.max(0, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS);
}

function toUsageRow({ clientId, minuteMs, providerId, statuses, errors, latencyBuckets, pool }: CountedRow): UsageRow {
  return { clientId, minuteMs, providerId, statuses: { ...statuses }, errors: { ...errors }, latencyBuckets: [...latencyBuckets], pool };
}

function highestOf(left: PoolState, right: PoolState): PoolState {
  return {
    idle: Math.max(left.idle, right.idle),
    busy: Math.max(left.busy, right.busy),
    starting: Math.max(left.starting, right.starting),
    waiting: Math.max(left.waiting, right.waiting),
  };
}

function areSame(left: PoolState, right: PoolState): boolean {
  return left.idle === right.idle && left.busy === right.busy && left.starting === right.starting && left.waiting === right.waiting;
}
