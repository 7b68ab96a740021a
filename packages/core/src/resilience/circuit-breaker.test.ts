import { beforeEach, describe, expect, it } from 'vitest';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.ts';

let time = 0;
let states: BreakerState[] = [];

beforeEach(() => {
  time = 0;
  states = [];
});

function breaker(): CircuitBreaker {
  return new CircuitBreaker({ minPauseMs: 100, maxPauseMs: 350, now: () => time, onChange: (state) => states.push(state) });
}

function opened(): CircuitBreaker {
  const subject = breaker();
  for (let index = 0; index < 3; index += 1) subject.failed(new Error(`failure ${index}`));
  return subject;
}

describe('a breaker', () => {
  it('opens after failures in a row, and says why', () => {
    const subject = breaker();
    subject.failed(new Error('one'));
    subject.failed(new Error('two'));
    expect(subject.attempt()).toBe(true);
    subject.succeeded();
    subject.failed(new Error('one'));
    subject.failed(new Error('two'));
    expect(subject.state).toBe('closed');
    subject.failed(new Error('three'));
    expect(subject.describe()).toEqual({ state: 'open', failures: 3, reason: new Error('three'), nextProbeMs: 100 });
    expect(subject.attempt()).toBe(false);
    expect(states).toEqual(['open']);
  });

  it('opens at once for a failure that lasts', () => {
    const subject = breaker();
    subject.failed(new Error('never'), true);
    expect(subject.state).toBe('open');
  });

  it('lets one attempt through after the pause, and closes on its success', () => {
    const subject = opened();
    time = 99;
    expect(subject.allowsAttempt).toBe(false);
    time = 100;
    expect(subject.attempt()).toBe(true);
    expect(subject.attempt()).toBe(false);
    expect(subject.state).toBe('half-open');
    subject.succeeded();
    expect(subject.describe()).toEqual({ state: 'closed', failures: 0, reason: undefined, nextProbeMs: 0 });
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('waits longer after each probe that fails, up to the longest pause, and forgets that on success', () => {
    const subject = opened();
    const pauses = [0, 1, 2, 3].map(() => {
      const pauseMs = subject.nextProbeMs;
      time += pauseMs;
      expect(subject.attempt()).toBe(true);
      subject.failed(new Error('still'));
      return pauseMs;
    });
    expect(pauses).toEqual([100, 200, 350, 350]);
    subject.succeeded();
    subject.failed(new Error('again'), true);
    expect(subject.nextProbeMs).toBe(100);
  });

  it('does not put a probe off for attempts that began before it opened', () => {
    const subject = opened();
    time = 50;
    subject.failed(new Error('late'));
    expect(subject.describe()).toMatchObject({ state: 'open', failures: 4, nextProbeMs: 50 });
  });
});
