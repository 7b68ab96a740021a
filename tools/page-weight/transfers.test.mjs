// @ts-check
import { describe, expect, test } from 'vitest';
import { describeTransfers, limitBytes, sumByKind, totalBytes } from './transfers.mjs';

const transfers = [
  { kind: 'document', bytes: 900 },
  { kind: 'script', bytes: 80_000 },
  { kind: 'script', bytes: 20_400 },
  { kind: 'stylesheet', bytes: 30_000 },
];

describe('the transfers of a view', () => {
  test('are summed by kind, the heaviest first', () => {
    expect(sumByKind(transfers)).toEqual([
      { kind: 'script', count: 2, bytes: 100_400 },
      { kind: 'stylesheet', count: 1, bytes: 30_000 },
      { kind: 'document', count: 1, bytes: 900 },
    ]);
    expect(totalBytes(transfers)).toBe(131_300);
    expect(totalBytes([])).toBe(0);
  });

  test('are told with the limit', () => {
    expect(describeTransfers({ view: 'sign-in', transfers })).toEqual([
      'sign-in: 131.3 kB compressed, of 350.0 kB',
      '  script        2   100.4 kB',
      '  stylesheet    1    30.0 kB',
      '  document      1     0.9 kB',
    ]);
  });

  test('are told to be too many as soon as they are', () => {
    expect(describeTransfers({ view: 'x', transfers: [{ kind: 'font', bytes: limitBytes }] })[0]).not.toContain('MORE');
    expect(describeTransfers({ view: 'x', transfers: [{ kind: 'font', bytes: limitBytes + 1 }] })[0]).toContain('MORE than 350.0 kB');
  });
});
