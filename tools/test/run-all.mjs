// @ts-check
import { runChecks } from '../check/run-checks.mjs';
import { buildPackages } from '../setup/build-packages.mjs';
import { installDependencies } from '../setup/install-dependencies.mjs';
import { withProgress, writeLine } from '../setup/progress.mjs';
import { ToolFailedError } from '../setup/run-tool.mjs';
import { openTestBrowser } from './open-test-browser.mjs';
import { openTestDatabases } from './open-test-databases.mjs';
import { openTestEngine } from './open-test-engine.mjs';
import { runBrowserEngineSuite, runBrowserSuite, runDatabaseSuite, runEngineSuite, runPackagingSuite, runUnitSuite } from './suites.mjs';
import { findNode, runDatabaseSuiteUnderNodes, runEngineSuiteUnderNodes, runUnitSuiteUnderNodes } from './suites-under-nodes.mjs';
import { addTotals, noTests, oneFailure } from './totals.mjs';

/** @import { Totals } from './totals.mjs' */

/**
 * @param {{ nodeMajors: readonly number[], packaging: boolean, isCi: boolean, signal: AbortSignal }} options
 * @returns {Promise<Totals>}
 */
export async function runAll({ nodeMajors, packaging, isCi, signal }) {
  await withProgress('install dependencies', (log) => installDependencies({ log, signal }));
  try {
    await withProgress('build packages', () => buildPackages({ signal }));
  } catch (error) {
    if (!(error instanceof ToolFailedError)) throw error;
    writeLine(error.output);
    return oneFailure('build packages');
  }
  // Engine, databases and browser wait for downloads, and the engine for images; the checks and unit tests need none of them.
  const opening = openTestEngine(signal);
  const openingDatabases = openTestDatabases(signal);
  const openingBrowser = openTestBrowser(signal);
  try {
    const nodes = nodeMajors.map((major) => findNode(major, signal));
    const totals = [await runStaticChecks(signal), await runUnitSuite(signal)];
    const testDatabases = await openingDatabases;
    totals.push(await runDatabaseSuite(testDatabases, isCi, signal));
    const testEngine = await opening;
    const testBrowser = await openingBrowser;
    // Containers leave the processor half idle while they are made and removed: tests that compute fill that time.
    const sideBySide = await Promise.allSettled([
      inTurn([
        () => runEngineSuite(testEngine, isCi, signal),
        () => runEngineSuiteUnderNodes(nodes, testEngine, signal),
        () => runBrowserEngineSuite(testBrowser, testEngine, isCi, signal),
        () => (packaging ? runPackagingSuite(testEngine, signal) : noTests),
      ]),
      inTurn([
        () => runUnitSuiteUnderNodes(nodes, signal),
        () => runBrowserSuite(testBrowser, isCi, signal),
        () => runDatabaseSuiteUnderNodes(nodes, testDatabases, signal),
      ]),
    ]);
    for (const outcome of sideBySide) {
      if (outcome.status === 'rejected') throw outcome.reason;
      totals.push(outcome.value);
    }
    return addTotals(totals);
  } finally {
    await openingBrowser;
    // One that cannot be ended does not keep the other.
    try {
      const databases = await openingDatabases;
      if (databases.state === 'ready') await withProgress('end the databases', () => databases.stop());
    } finally {
      const testEngine = await opening;
      if (testEngine.state === 'ready') await withProgress('end the engine', () => testEngine.engine.stop());
    }
  }
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<Totals>}
 */
async function runStaticChecks(signal) {
  const { failed } = await withProgress('static checks', (log) => runChecks({ log, signal }));
  return failed === 0 ? noTests : { ...noTests, failed, failures: [`${failed} static checks`] };
}

/**
 * @param {readonly (() => Totals | Promise<Totals>)[]} suites each begins when the one before it has ended
 * @returns {Promise<Totals>}
 */
async function inTurn(suites) {
  const totals = [];
  for (const suite of suites) totals.push(await suite());
  return addTotals(totals);
}
