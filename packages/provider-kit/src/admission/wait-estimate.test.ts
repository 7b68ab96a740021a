import { describe, expect, it } from 'vitest';
import { estimateWaitMs, remainingMs, type WaitFacts } from './wait-estimate.ts';

const nothing: WaitFacts = { ahead: 0, readyInMs: [], freeInMs: [], makers: 2, createMs: 100, holdMs: 50 };

describe('an estimate of the wait', () => {
  it.each<[string, Partial<WaitFacts>, number]>([
    ['one is made in the room that there is', { freeInMs: [0] }, 100],
    ['one is being made', { readyInMs: [30] }, 30],
    ['somebody else gets what is being made', { readyInMs: [30], ahead: 1 }, 180],
    ['two makers share the work', { freeInMs: [0, 0, 0, 0, 0, 0], ahead: 5 }, 300],
    ['the makers are at work', { readyInMs: [40, 80], freeInMs: [0], ahead: 2 }, 140],
    ['room is left first by the one that ends first', { freeInMs: [900, 20, 300] }, 120],
    ['the one place is used again and again', { freeInMs: [0], ahead: 2 }, 400],
    ['nothing ever becomes free', {}, Infinity],
  ])('when %s', (_name, facts, waitMs) => {
    expect(estimateWaitMs({ ...nothing, ...facts })).toBe(waitMs);
  });

  it('leaves what it was given as it was', () => {
    const facts = { ...nothing, readyInMs: [9, 3], freeInMs: [7, 1], ahead: 4 };
    estimateWaitMs(facts);
    expect(facts).toMatchObject({ readyInMs: [9, 3], freeInMs: [7, 1] });
  });

  it('takes little time for a long queue', () => {
    const freeInMs = Array.from({ length: 1_024 }, (_, index) => index);
    expect(estimateWaitMs({ ...nothing, freeInMs, ahead: 10_000, createMs: 1, holdMs: 10 })).toBeGreaterThan(4_000);
  });
});

describe('what remains', () => {
  it.each([
    [20, 100, 80],
    [100, 100, 100],
    [5_000, 100, 5_000],
    [5, 0, 5],
  ])('after %i of usually %i ms is %i', (elapsedMs, usualMs, expected) => {
    expect(remainingMs(elapsedMs, usualMs)).toBe(expected);
  });
});
