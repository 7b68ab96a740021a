// @ts-check

/**
 * `failures` names what failed, for whoever reads only the end of a long log.
 * @typedef {{ passed: number, failed: number, skipped: number, failures: readonly string[] }} Totals
 *
 * What is read of the report that vitest's JSON reporter writes.
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ name: string, status: string, message?: string, assertionResults: AssertionResult[] }[]} testResults one for each file
 *
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] | null }} AssertionResult
 */

/** @type {Totals} */
export const noTests = { passed: 0, failed: 0, skipped: 0, failures: [] };

/**
 * @param {readonly Totals[]} all
 * @returns {Totals}
 */
export function addTotals(all) {
  return all.reduce(
    (sum, { passed, failed, skipped, failures }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
      failures: [...sum.failures, ...failures],
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
  if (report === null) return oneFailure('left no report');
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  const totals = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: failuresOf(report),
  };
  const isSilentFailure = totals.failed === 0 && (exitCode !== 0 || totals.passed + totals.skipped === 0);
  return isSilentFailure ? { ...totals, failed: 1, failures: ['failed outside every test, or ran none'] } : totals;
}

/**
 * @param {string} what
 * @returns {Totals}
 */
export function oneFailure(what) {
  return { ...noTests, failed: 1, failures: [what] };
}

const maxMessageLength = 600;

/**
 * @param {VitestReport} report
 * @returns {string[]} a text for each failed test, and for each file that could not be loaded
 */
function failuresOf(report) {
  return report.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message = '', assertionResults }) => {
      const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
      if (failed.length === 0) return [`${name}: ${message.slice(0, maxMessageLength)}`];
      return failed.map(
        ({ fullName, failureMessages }) => `${name}: ${fullName}: ${(failureMessages ?? []).join(' ').slice(0, maxMessageLength)}`,
      );
    });
}
