// @ts-check
import { writeLine } from '../setup/progress.mjs';
import { countTests, runSuite } from './run-suite.mjs';
import { noTests, oneFailure } from './totals.mjs';

/** @import { Totals } from './totals.mjs' */
/** @import { TestBrowser } from './open-test-browser.mjs' */
/** @import { TestDatabases } from './open-test-databases.mjs' */
/** @import { TestEngine } from './open-test-engine.mjs' */

const minuteMs = 60_000;

/** @param {AbortSignal} signal */
export function runUnitSuite(signal) {
  return runSuite({ title: 'unit', projects: ['unit', 'repository', 'types'], timeoutMs: 20 * minuteMs }, signal);
}

/**
 * @param {TestEngine} testEngine
 * @param {boolean} isCi
 * @param {AbortSignal} signal
 * @returns {Promise<Totals>}
 */
export async function runEngineSuite(testEngine, isCi, signal) {
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
export async function runDatabaseSuite(databases, isCi, signal) {
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
export async function runBrowserSuite(browser, isCi, signal) {
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
export async function runBrowserEngineSuite(browser, testEngine, isCi, signal) {
  const project = 'browser-engine';
  if (browser.state !== 'ready') return withoutService(project, browser, isCi, signal);
  if (testEngine.state !== 'ready') return withoutService(project, testEngine, isCi, signal);
  const env = { ...browser.env, DOCKER_HOST: testEngine.engine.dockerHost };
  return runSuite({ title: 'browser with engine', projects: [project], env, timeoutMs: 10 * minuteMs }, signal);
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
export function runPackagingSuite(testEngine, signal) {
  const suite = { title: 'packaging', projects: ['packaging'], timeoutMs: 15 * minuteMs };
  if (testEngine.state !== 'ready') return runSuite(suite, signal);
  const env = { DOCKER_HOST: testEngine.engine.dockerHost };
  return runSuite({ ...suite, projects: ['packaging', 'packaging-engine'], env }, signal);
}
