// @ts-check
import { describe, expect, test } from 'vitest';
import { addTotals, formatTotals, totalsOfReport } from './totals.mjs';

const allGood = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'adds' }] }],
};

describe('totalsOfReport', () => {
  test('counts what ran and what did not', () => {
    expect(totalsOfReport(allGood, 0)).toEqual({ passed: 3, failed: 0, skipped: 2, failures: [] });
  });

  test('counts failed tests once', () => {
    const broken = { status: 'failed', fullName: 'adds up', failureMessages: ['expected 4 to be 5'] };
    const report = { ...allGood, numFailedTests: 1, testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [broken] }] };
    expect(totalsOfReport(report, 1)).toMatchObject({ failed: 1, failures: ['a.test.ts: adds up: expected 4 to be 5'] });
  });

  test('counts a file that could not be loaded', () => {
    const report = { ...allGood, testResults: [{ name: 'a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }] };
    expect(totalsOfReport(report, 1)).toEqual({ passed: 3, failed: 1, skipped: 2, failures: ['a.test.ts: no such module'] });
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
        { passed: 1, failed: 2, skipped: 3, failures: [] },
        { passed: 10, failed: 20, skipped: 30, failures: [] },
      ]),
    ),
  ).toBe('11 passed, 22 failed, 33 skipped');
  expect(formatTotals(addTotals([]))).toBe('0 passed, 0 failed, 0 skipped');
});
