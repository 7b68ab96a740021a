// @ts-check
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { codeOf, messageOf } from '../engine/errors.mjs';
import { secondsSince, splitLines, writeLine } from '../setup/progress.mjs';
import { repositoryRoot } from '../setup/repository.mjs';
import { runProgram } from '../setup/run-tool.mjs';
import { totalsOfReport } from './totals.mjs';

const vitest = path.join(repositoryRoot, 'node_modules', 'vitest', 'vitest.mjs');

/**
 * @typedef {object} Suite
 * @property {string} title begins every line that the suite prints
 * @property {readonly string[]} projects of vitest.config.ts
 * @property {readonly string[]} [files] only files whose path contains one of these
 * @property {string} [nodeProgram] the Node to run under; this one when absent
 * @property {Record<string, string>} [env]
 * @property {number} [workers] test files at one time; as vitest.config.ts has it when absent
 * @property {number} timeoutMs of the whole suite
 */

/**
 * Runs tests in a process of their own and counts them. Whatever goes wrong with that is counted as a failure.
 *
 * @param {Suite} suite
 * @param {AbortSignal} signal
 * @returns {Promise<import('./totals.mjs').Totals>}
 */
export async function runSuite(suite, signal) {
  const { title, projects, files = [], nodeProgram = process.execPath, env = {}, workers, timeoutMs } = suite;
  const startedAt = performance.now();
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-test-'));
  const reportFile = path.join(folder, 'report.json');
  const lines = splitLines((line) => {
    if (line.trim() !== '') writeLine(`${title} | ${line}`);
  });
  try {
    const { exitCode } = await runProgram([nodeProgram, vitest, 'run', ...files, ...optionsFor(projects, reportFile, workers)], {
      timeoutMs,
      signal,
      env,
      onOutput: (text) => lines.write(text),
    });
    lines.end();
    return announce(title, startedAt, totalsOfReport(await readReport(reportFile), exitCode));
  } catch (error) {
    signal.throwIfAborted();
    writeLine(`${title} | ${messageOf(error)}`);
    return announce(title, startedAt, totalsOfReport(null, null));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} projects
 * @param {string} reportFile
 * @param {number | undefined} workers
 */
function optionsFor(projects, reportFile, workers) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, '--silent=passed-only'];
  return [
    ...projects.map((project) => `--project=${project}`),
    ...reporters,
    ...(workers === undefined ? [] : [`--maxWorkers=${workers}`]),
  ];
}

/**
 * @param {string} title
 * @param {number} startedAt
 * @param {import('./totals.mjs').Totals} totals
 */
function announce(title, startedAt, totals) {
  const verdict = totals.failed === 0 ? 'all well' : `${totals.failed} FAILED`;
  const count = totals.passed + totals.failed + totals.skipped;
  writeLine(`> ${title}: ${count} tests, ${verdict}, in ${secondsSince(startedAt)}`);
  return { ...totals, failures: totals.failures.map((failure) => `${title}: ${failure}`) };
}

/**
 * @param {string} reportFile
 * @returns {Promise<import('./totals.mjs').VitestReport | null>}
 */
async function readReport(reportFile) {
  try {
    return JSON.parse(await readFile(reportFile, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * @param {string} project
 * @param {AbortSignal} signal
 * @returns {Promise<number>} how many tests it has, without running them
 */
export async function countTests(project, signal) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-test-'));
  const listFile = path.join(folder, 'list.json');
  try {
    await runProgram([process.execPath, vitest, 'list', `--project=${project}`, `--json=${listFile}`], { timeoutMs: 120_000, signal });
    const tests = /** @type {unknown[]} */ (JSON.parse(await readFile(listFile, 'utf8')));
    return tests.length;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
