import { describe, expect, it } from 'vitest';
import { DecayingCount } from './decaying-count.ts';
import { DemandEstimate } from './demand-estimate.ts';
import { RecentSamples } from './recent-samples.ts';

describe('a decaying count', () => {
  it('loses half of its weight in each half-life', () => {
    let time = 0;
    const count = new DecayingCount(1_000, () => time);
    count.add(8);
    time = 2_000;
    expect(count.value).toBeCloseTo(2);
    count.add();
    time = 3_000;
    expect(count.value).toBeCloseTo(1.5);
  });

  it('finds the rate of what comes regularly', () => {
    let time = 0;
    const count = new DecayingCount(1_000, () => time);
    for (; time < 20_000; time += 50) count.add();
    expect(count.ratePerMs * 1_000).toBeCloseTo(20, 0);
  });
});

describe('recent samples', () => {
  it('know quantiles of the last ones only', () => {
    const samples = new RecentSamples(4);
    expect(samples.quantile(0.5)).toBeUndefined();
    for (const sample of [900, 901, 902, 1, 3, 2, 4]) samples.add(sample);
    expect([samples.quantile(0), samples.quantile(0.5), samples.quantile(1)]).toEqual([1, 3, 4]);
  });
});

describe('a demand estimate', () => {
  function estimateOf(perSecond: number, createMs: number) {
    const clock = { time: 0 };
    const demand = new DemandEstimate({ now: () => clock.time });
    demand.noteCreation(createMs);
    for (; clock.time < 120_000; clock.time += 1_000 / perSecond) demand.noteArrival();
    return { demand, clock };
  }

  it.each([
    [0.05, 500, 0],
    [1, 500, 2],
    [4, 500, 4],
    [4, 2_000, 13],
    [4, 10, 0],
  ])('at %d per second and %i ms each wants %i ready', (perSecond, createMs, wanted) => {
    const { demand } = estimateOf(perSecond, createMs);
    expect(demand.idleTarget({ minimum: 0, maximum: 100 })).toBe(wanted);
  });

  it('keeps to its bounds', () => {
    const { demand } = estimateOf(4, 2_000);
    expect(demand.idleTarget({ minimum: 1, maximum: 6 })).toBe(6);
    expect(demand.idleTarget({ minimum: 20, maximum: 30 })).toBe(20);
  });

  it('falls back to the minimum after a quiet time', () => {
    const { demand, clock } = estimateOf(4, 2_000);
    clock.time += 30_000;
    expect(demand.idleTarget({ minimum: 1, maximum: 100 })).toBe(4);
    clock.time += 180_000;
    expect(demand.idleTarget({ minimum: 1, maximum: 100 })).toBe(1);
  });

  it('wants no more than the least before it knows how long making one takes', () => {
    const demand = new DemandEstimate({ now: () => 0 });
    for (let index = 0; index < 1_000; index += 1) demand.noteArrival();
    expect(demand.createMs).toBeUndefined();
    expect(demand.idleTarget({ minimum: 1, maximum: 100 })).toBe(1);
  });
});
