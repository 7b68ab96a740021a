// @ts-check
import { describe, expect, test } from 'vitest';
import { addTotals, formatTotals, totalsOfReport } from './totals.mjs';

const allGood = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
};

describe('totalsOfReport', () => {
  test('counts what ran and what did not', () => {
    expect(totalsOfReport(allGood, 0)).toEqual({ passed: 3, failed: 0, skipped: 2 });
  });

  test('counts failed tests once', () => {
    const report = { ...allGood, numFailedTests: 1, testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }] };
    expect(totalsOfReport(report, 1).failed).toBe(1);
  });

  test('counts a file that could not be loaded', () => {
    const report = { ...allGood, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(totalsOfReport(report, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  test.each([
    ['a suite that left no report', null, 0],
    ['an error outside every test', allGood, 1],
    ['a suite that was killed', allGood, null],
    ['a suite without a test', { ...allGood, numPassedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }, 0],
  ])('takes %s for a failure', (_name, report, exitCode) => {
    expect(totalsOfReport(report, exitCode).failed).toBe(1);
  });
});

test('totals add up and are written as one line', () => {
  expect(
    formatTotals(
      addTotals([
        { passed: 1, failed: 2, skipped: 3 },
        { passed: 10, failed: 20, skipped: 30 },
      ]),
    ),
  ).toBe('11 passed, 22 failed, 33 skipped');
  expect(formatTotals(addTotals([]))).toBe('0 passed, 0 failed, 0 skipped');
});
