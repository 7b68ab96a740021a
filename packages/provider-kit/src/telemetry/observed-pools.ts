import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import type { BreakerState } from '@sandport/core';
import { attributesOf } from './attribute-values.ts';
import { TELEMETRY_METRICS, type MetricKey } from './telemetry-names.ts';

/** What of a pool's state is shown. */
export interface PoolState {
  readonly idle: number;
  readonly busy: number;
  readonly starting: number;
  readonly leaving: number;
  readonly waiting: number;
  readonly profiles: readonly { readonly breaker: { readonly state: BreakerState } }[];
}

/** A pool whose state can be asked for. */
export interface ObservedPool {
  readonly providerId: string;
  readonly describe: () => PoolState;
}

const pools = new Set<ObservedPool>();

/** Providers that have or had a pool. One without is shown with zeros: an SDK may go on to show the last that it was told. */
const providerIds = new Set<string>();

/** Shows a pool from now on, together with those of the same provider id, until the returned function is called. */
export function showPool(pool: ObservedPool): () => void {
  pools.add(pool);
  providerIds.add(pool.providerId);
  return () => pools.delete(pool);
}

const POOL_STATES = ['idle', 'busy', 'starting', 'leaving'] as const;
const BREAKER_STATES = ['closed', 'open', 'half-open'] as const satisfies readonly BreakerState[];

/** Lets a meter ask for the state of all pools whenever it reads. */
export function observePools(meter: Meter): void {
  const observable = (key: MetricKey) => {
    const { name, unit, description } = TELEMETRY_METRICS[key];
    return meter.createObservableUpDownCounter(name, { unit, description });
  };
  const [size, waiting, breakers] = [observable('poolSize'), observable('poolWaiting'), observable('breakers')];
  meter.addBatchObservableCallback(
    (result) => {
      for (const providerId of providerIds) observeProvider(result, { size, waiting, breakers }, providerId, statesOf(providerId));
    },
    [size, waiting, breakers],
  );
}

function statesOf(providerId: string): PoolState[] {
  return [...pools].filter((pool) => pool.providerId === providerId).map((pool) => pool.describe());
}

function observeProvider(
  result: BatchObservableResult,
  { size, waiting, breakers }: Readonly<Record<'size' | 'waiting' | 'breakers', Observable>>,
  providerId: string,
  states: readonly PoolState[],
): void {
  for (const poolState of POOL_STATES)
    result.observe(
      size,
      sumOf(states, (state) => state[poolState]),
      attributesOf({ providerId, poolState }),
    );
  result.observe(
    waiting,
    sumOf(states, (state) => state.waiting),
    attributesOf({ providerId }),
  );
  for (const breakerState of BREAKER_STATES) {
    const count = sumOf(states, ({ profiles }) => profiles.filter(({ breaker }) => breaker.state === breakerState).length);
    result.observe(breakers, count, attributesOf({ providerId, breakerState }));
  }
}

function sumOf(states: readonly PoolState[], count: (state: PoolState) => number): number {
  return states.reduce((sum, state) => sum + count(state), 0);
}
