// @ts-check
import { messageOf } from '../engine/errors.mjs';
import { runChecks } from '../check/run-checks.mjs';
import { buildPackages } from '../setup/build-packages.mjs';
import { installDependencies } from '../setup/install-dependencies.mjs';
import { withProgress, writeLine } from '../setup/progress.mjs';
import { ToolFailedError } from '../setup/run-tool.mjs';
import { ensureNode } from './ensure-node.mjs';
import { openTestBrowser } from './open-test-browser.mjs';
import { openTestDatabases } from './open-test-databases.mjs';
import { openTestEngine } from './open-test-engine.mjs';
import { countTests, runSuite } from './run-suite.mjs';
import { addTotals, noTests, oneFailure } from './totals.mjs';

/** @import { Totals } from './totals.mjs' */
/** @import { TestBrowser } from './open-test-browser.mjs' */
/** @import { TestDatabases } from './open-test-databases.mjs' */
/** @import { TestEngine } from './open-test-engine.mjs' */

const minuteMs = 60_000;

/** Tests of packages in which Node's engine, processes, streams, servers and connections have a part, and of the one whose framework runs on these alone. */
const unitFilesOfNode = [
  'apps/admin/src',
  'apps/admin/test',
  'packages/ai-sdk',
  'packages/client/test',
  'packages/http-service',
  'packages/provider-aliyun',
  'packages/provider-docker',
  'packages/provider-e2b/test/traps',
  'packages/provider-kit/test',
  'packages/provider-self-managed/test',
  'packages/provider-wasm',
  'packages/settings/test/database',
  'apps/executor/test',
];

/** Tests of the databases in which Node itself and the drivers that are loaded into it have a part. */
const databaseFilesOfNode = ['packages/settings/test/database', 'packages/settings/test/idempotency'];

/** Tests of an engine that are about our side of the connection, where Node has a part: streams with two ends, TLS, and what a killed process leaves; and of a framework that needs a newer Node. */
const engineFilesOfNode = ['conformance-tls', 'killed-client', 'packages/ai-sdk', 'pool.engine'];

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
      runEngineSuite(testEngine, isCi, signal),
      inTurn([() => runUnitSuiteUnderNodes(nodes, signal), () => runBrowserSuite(testBrowser, isCi, signal)]),
    ]);
    for (const outcome of sideBySide) {
      if (outcome.status === 'rejected') throw outcome.reason;
      totals.push(outcome.value);
    }
    totals.push(await runBrowserEngineSuite(testBrowser, testEngine, isCi, signal));
    totals.push(await runServiceSuitesUnderNodes(nodes, { testEngine, testDatabases }, signal));
    if (packaging) totals.push(await runPackagingSuite(testEngine, signal));
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

/** @param {AbortSignal} signal */
function runUnitSuite(signal) {
  return runSuite({ title: 'unit', projects: ['unit', 'repository', 'types'], timeoutMs: 20 * minuteMs }, signal);
}

/**
 * @param {TestEngine} testEngine
 * @param {boolean} isCi
 * @param {AbortSignal} signal
 * @returns {Promise<Totals>}
 */
async function runEngineSuite(testEngine, isCi, signal) {
  if (testEngine.state === 'ready') {
    const env = { DOCKER_HOST: testEngine.engine.dockerHost };
    return runSuite({ title: 'engine', projects: ['engine'], env, timeoutMs: 20 * minuteMs }, signal);
  }
  return withoutService('engine', testEngine, isCi, signal);
}

/**
 * @param {TestDatabases} databases
 * @param {boolean} isCi
 * @param {AbortSignal} signal
 * @returns {Promise<Totals>}
 */
async function runDatabaseSuite(databases, isCi, signal) {
  if (databases.state === 'ready') {
    return runSuite({ title: 'database', projects: ['database'], env: databases.env, timeoutMs: 20 * minuteMs }, signal);
  }
  return withoutService('database', databases, isCi, signal);
}

/**
 * Walks through the pages of the apps, once: what they are made of does not depend on the Node of their server.
 *
 * @param {TestBrowser} browser
 * @param {boolean} isCi
 * @param {AbortSignal} signal
 * @returns {Promise<Totals>}
 */
async function runBrowserSuite(browser, isCi, signal) {
  if (browser.state !== 'ready') return withoutService('browser', browser, isCi, signal);
  // A browser is several processes that compute: one at a time, beside containers.
  const suite = { title: 'browser', projects: ['browser'], workers: 1, timeoutMs: 20 * minuteMs };
  return runSuite({ ...suite, env: browser.env }, signal);
}

/**
 * @param {TestBrowser} browser
 * @param {TestEngine} testEngine
 * @param {boolean} isCi
 * @param {AbortSignal} signal
 * @returns {Promise<Totals>}
 */
async function runBrowserEngineSuite(browser, testEngine, isCi, signal) {
  const project = 'browser-engine';
  if (browser.state !== 'ready') return withoutService(project, browser, isCi, signal);
  if (testEngine.state !== 'ready') return withoutService(project, testEngine, isCi, signal);
  const env = { ...browser.env, DOCKER_HOST: testEngine.engine.dockerHost };
  return runSuite({ title: 'browser with engine', projects: [project], env, timeoutMs: 10 * minuteMs }, signal);
}

/**
 * @param {readonly (() => Promise<Totals>)[]} suites each begins when the one before it has ended
 * @returns {Promise<Totals>}
 */
async function inTurn(suites) {
  const totals = [];
  for (const suite of suites) totals.push(await suite());
  return addTotals(totals);
}

/**
 * What is said of a project whose service there is not.
 *
 * @param {string} project
 * @param {{ state: 'unavailable' | 'broken', problem: string }} service what its tests need
 * @param {boolean} isCi
 * @param {AbortSignal} signal
 * @returns {Promise<Totals>}
 */
async function withoutService(project, { state, problem }, isCi, signal) {
  signal.throwIfAborted();
  if (state === 'broken' || isCi) {
    writeLine(`> ${project}: FAILED, no test ran: ${problem}`);
    return oneFailure(`${project}: no test ran: ${problem}`);
  }
  const skipped = await countTests(project, signal);
  writeLine(`> ${project}: ${skipped} tests skipped: ${problem}`);
  return { ...noTests, skipped };
}

/**
 * @param {TestEngine} testEngine
 * @param {AbortSignal} signal
 */
function runPackagingSuite(testEngine, signal) {
  const suite = { title: 'packaging', projects: ['packaging'], timeoutMs: 15 * minuteMs };
  if (testEngine.state !== 'ready') return runSuite(suite, signal);
  const env = { DOCKER_HOST: testEngine.engine.dockerHost };
  return runSuite({ ...suite, projects: ['packaging', 'packaging-engine'], env }, signal);
}

/**
 * Another Node, or why there is none.
 *
 * @typedef {object} OtherNode
 * @property {number} major
 * @property {Promise<{ program: string } | { problem: string }>} found
 */

/**
 * @param {number} major
 * @param {AbortSignal} signal
 * @returns {OtherNode}
 */
function findNode(major, signal) {
  const found = withProgress(`Node ${major}`, () => ensureNode(major, signal)).then(
    (program) => ({ program }),
    (/** @type {unknown} */ error) => ({ problem: messageOf(error) }),
  );
  return { major, found };
}

/**
 * The tests of the packages once more, where Node has a part.
 *
 * @param {readonly OtherNode[]} nodes
 * @param {AbortSignal} signal
 */
async function runUnitSuiteUnderNodes(nodes, signal) {
  const totals = [];
  for (const { major, found } of nodes) {
    const node = await found;
    signal.throwIfAborted();
    if ('program' in node) {
      const suite = { title: `unit, Node ${major}`, projects: ['unit'], files: unitFilesOfNode, workers: 2, timeoutMs: 15 * minuteMs };
      totals.push(await runSuite({ ...suite, nodeProgram: node.program }, signal));
    } else {
      writeLine(`> Node ${major}: FAILED: ${node.problem}`);
      totals.push(oneFailure(`Node ${major}: ${node.problem}`));
    }
  }
  return addTotals(totals);
}

/**
 * As far as there are databases and an engine, the tests in which drivers, connections and streams of each other Node have a part.
 *
 * @param {readonly OtherNode[]} nodes
 * @param {{ testEngine: TestEngine, testDatabases: TestDatabases }} services
 * @param {AbortSignal} signal
 */
async function runServiceSuitesUnderNodes(nodes, services, signal) {
  const totals = [];
  for (const { major, found } of nodes) {
    const node = await found;
    // That there is none is told and counted where the unit tests miss it.
    if ('program' in node) totals.push(await runServicesUnderNode({ major, nodeProgram: node.program }, services, signal));
  }
  return addTotals(totals);
}

/**
 * @param {{ major: number, nodeProgram: string }} node
 * @param {{ testEngine: TestEngine, testDatabases: TestDatabases }} services
 * @param {AbortSignal} signal
 */
async function runServicesUnderNode({ major, nodeProgram }, { testEngine, testDatabases }, signal) {
  const totals = [];
  if (testDatabases.state === 'ready') {
    const { env } = testDatabases;
    const suite = { title: `database, Node ${major}`, projects: ['database'], files: databaseFilesOfNode, timeoutMs: 10 * minuteMs };
    totals.push(await runSuite({ ...suite, nodeProgram, env }, signal));
  }
  if (testEngine.state === 'ready') {
    const env = { DOCKER_HOST: testEngine.engine.dockerHost };
    const suite = { title: `engine, Node ${major}`, projects: ['engine'], files: engineFilesOfNode, timeoutMs: 10 * minuteMs };
    totals.push(await runSuite({ ...suite, nodeProgram, env }, signal));
  }
  return addTotals(totals);
}
