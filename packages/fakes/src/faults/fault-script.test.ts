import { describe, expect, test } from 'vitest';
import { CountingFaultScript } from './fault-script.ts';

const subject = { plane: 'data', operation: 'Run', method: 'POST', path: '/boxes/a/run' } as const;

describe('CountingFaultScript', () => {
  test('gives a fault to the requests after `after`, `times` times', () => {
    const script = new CountingFaultScript<string, string, string>();
    script.add({ after: 1, times: 2, fault: 'cut' });
    expect(Array.from({ length: 5 }, () => script.take(subject).length)).toEqual([0, 1, 1, 0, 0]);
  });

  test('gives every fault that matches, in the order in which they were added', () => {
    const script = new CountingFaultScript<string, string, string>();
    script.add({ fault: 'first' });
    script.add({ match: { plane: 'control' }, fault: 'never' });
    script.add({ match: { operation: 'Run' }, fault: 'second' });
    expect(script.take(subject)).toEqual(['first', 'second']);
  });

  test.each([
    [{ plane: 'data' }, true],
    [{ plane: 'control' }, false],
    [{ operation: 'Stop' }, false],
    [{ method: 'GET' }, false],
    [{ path: /\/run$/g }, true],
    [{ path: /\/stop$/ }, false],
    [{ plane: 'data', operation: 'Run', method: 'POST', path: /a/ }, true],
  ])('says of %o whether it matches, each time the same', (match, expected) => {
    const script = new CountingFaultScript<string, string, string>();
    script.add({ match, fault: 'cut' });
    for (let turn = 0; turn < 3; turn += 1) expect(script.take(subject).length === 1).toBe(expected);
  });

  test('takes out one rule, or all', () => {
    const script = new CountingFaultScript<string, string, string>();
    const takeOut = script.add({ fault: 'one' });
    script.add({ fault: 'other' });
    takeOut();
    expect(script.take(subject)).toEqual(['other']);
    script.clear();
    expect(script.take(subject)).toEqual([]);
  });
});
