// @ts-check

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Totals
 *
 * What is read of the report that vitest's JSON reporter writes.
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults one for each file
 */

/** @type {Totals} */
export const noTests = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {readonly Totals[]} all
 * @returns {Totals}
 */
export function addTotals(all) {
  return all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    noTests,
  );
}

/**
 * @param {Totals} totals
 * @returns {string} for example `5 passed, 0 failed, 1 skipped`
 */
export function formatTotals({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Reads a suite's totals so that nothing that went wrong can look like success: a file that could not even be loaded, an
 * error outside any test and a suite without a test all count as one failure.
 *
 * @param {VitestReport | null} report `null` when there is none to read
 * @param {number | null} exitCode
 * @returns {Totals}
 */
export function totalsOfReport(report, exitCode) {
  if (report === null) return { ...noTests, failed: 1 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  const totals = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  const isSilentFailure = totals.failed === 0 && (exitCode !== 0 || totals.passed + totals.skipped === 0);
  return isSilentFailure ? { ...totals, failed: 1 } : totals;
}
