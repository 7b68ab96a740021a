import type { ExecutionStatus } from '../execution/execution-result.ts';
import type { PoolState } from '../pool-state.ts';
import type { SettingsCallOptions } from './settings-store.ts';

/** What was counted of calls. Nothing of a program is in it: no code, no arguments, no output, and no tenant. */
export interface UsageCounts {
  /** Calls whose program ran, by what became of it. */
  readonly statuses: Readonly<Partial<Record<ExecutionStatus, number>>>;
  /** Calls that could not be served, by the code of the error; `_OTHER` for what is no `SandboxError`. */
  readonly errors: Readonly<Record<string, number>>;
  /** Of calls whose program ran, from the call to its result: how many by the place of their bound in `USAGE_LATENCY_BOUNDS_MS`. */
  readonly latencyBuckets: readonly number[];
  /** The highest numbers that were seen; `null` for a provider that tells none. */
  readonly pool: PoolState | null;
}

/** Everything that one client has counted of one provider in one minute so far. */
export interface UsageRow extends UsageCounts {
  /** Chosen at random by each client. */
  readonly clientId: string;
  /** Beginning of the minute in milliseconds since the epoch, by the clock of the client. */
  readonly minuteMs: number;
  readonly providerId: string;
}

/** What was counted of one provider in one step, over all clients. */
export interface UsagePoint extends UsageCounts {
  /** Beginning of the step in milliseconds since the epoch: a whole multiple of the step. */
  readonly atMs: number;
  readonly providerId: string;
}

/** Which part of what was counted is wanted. */
export interface UsageRange {
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  /** The first moment that is wanted no more. */
  readonly toMs: number;
  /** A whole number of minutes, in milliseconds. */
  readonly stepMs: number;
}

/** What clients have reported. */
export interface UsageSummary {
  /** In order of time, then of providers. A step without calls has none. Highest numbers of pools are added up over clients. */
  readonly points: readonly UsagePoint[];
  /** Clients that have reported within the last two minutes, by the clock of the store. */
  readonly clients: number;
  /** Calls of the last 60 seconds, estimated from whole minutes. */
  readonly callsLastMinute: number;
}

/** Keeps what clients count of their calls for some days, so that an operator sees those of all programs. */
export interface UsageStore {
  /** Keeps rows in place of former ones of the same client, provider and minute; to write a row twice does no harm. Rows of long ago are removed now and then. */
  write(rows: readonly UsageRow[], options?: SettingsCallOptions): Promise<void>;
  /** @throws SandboxError `REQUEST_INVALID` for a range that is none. */
  read(range: UsageRange, options?: SettingsCallOptions): Promise<UsageSummary>;
}
