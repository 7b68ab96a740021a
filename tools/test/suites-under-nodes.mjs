// @ts-check
import { messageOf } from '../engine/errors.mjs';
import { withProgress, writeLine } from '../setup/progress.mjs';
import { ensureNode } from './ensure-node.mjs';
import { runSuite } from './run-suite.mjs';
import { addTotals, noTests, oneFailure } from './totals.mjs';

/** @import { Suite } from './run-suite.mjs' */
/** @import { TestDatabases } from './open-test-databases.mjs' */
/** @import { TestEngine } from './open-test-engine.mjs' */

const minuteMs = 60_000;

/**
 * Tests of packages in which Node's engine, processes, streams, servers and connections have a part, and of the one whose framework runs on these alone. What is about
 * Python inside a sandbox, or about what is stored, is the same under each.
 */
const unitFilesOfNode = [
  'apps/admin/src',
  'apps/admin/test/access',
  'apps/admin/test/commands',
  'apps/admin/test/hostile',
  'apps/admin/test/openid',
  'apps/admin/test/page',
  'apps/admin/test/sandbox/network',
  'apps/admin/test/server',
  'apps/admin/test/stop',
  'apps/admin/test/tls',
  'apps/executor/test',
  'packages/ai-sdk',
  'packages/client/test',
  'packages/http-service',
  'packages/mcp',
  'packages/provider-aliyun',
  'packages/provider-docker',
  'packages/provider-e2b/test/traps',
  'packages/provider-kit/test/guest/javascript',
  'packages/provider-kit/test/guest/runner-channel',
  'packages/provider-kit/test/pool',
  'packages/provider-kit/test/telemetry',
  'packages/provider-self-managed/test',
  'packages/provider-wasm/src',
  'packages/provider-wasm/test/child',
  'packages/provider-wasm/test/conformance',
  'packages/provider-wasm/test/describe-pool',
  'packages/provider-wasm/test/killed-parent',
  'packages/settings/test/database',
];

/** Programs that attack the engine of WebAssembly: under the oldest and the newest. */
const unitFilesOfNewestNode = ['packages/provider-wasm/test/hostile-programs'];

/** Tests of the databases in which Node itself and the drivers that are loaded into it have a part. */
const databaseFilesOfNode = ['packages/settings/test/database', 'packages/settings/test/idempotency'];

/** Tests of an engine that are about our side of the connection, where Node has a part: streams with two ends, TLS, and what a killed process leaves. */
const engineFilesOfNode = ['conformance-tls', 'killed-client', 'pool.engine'];

/** Tests of an engine that do not run under the oldest Node, and need one newer alone: what they are about is inside the sandbox. */
const engineFilesOfNewerNode = ['packages/ai-sdk'];

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
export function findNode(major, signal) {
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
export async function runUnitSuiteUnderNodes(nodes, signal) {
  const totals = [];
  const newest = Math.max(...nodes.map(({ major }) => major));
  for (const { major, found } of nodes) {
    const node = await found;
    signal.throwIfAborted();
    if ('program' in node) {
      const files = major === newest ? [...unitFilesOfNode, ...unitFilesOfNewestNode] : unitFilesOfNode;
      const suite = { title: `unit, Node ${major}`, projects: ['unit'], files, workers: 2, timeoutMs: 15 * minuteMs };
      totals.push(await runSuite({ ...suite, nodeProgram: node.program }, signal));
    } else {
      writeLine(`> Node ${major}: FAILED: ${node.problem}`);
      totals.push(oneFailure(`Node ${major}: ${node.problem}`));
    }
  }
  return addTotals(totals);
}

/**
 * As far as there are databases, the tests in which the drivers that are loaded into each other Node have a part.
 *
 * @param {readonly OtherNode[]} nodes
 * @param {TestDatabases} testDatabases
 * @param {AbortSignal} signal
 */
export async function runDatabaseSuiteUnderNodes(nodes, testDatabases, signal) {
  if (testDatabases.state !== 'ready') return noTests;
  const suite = { projects: ['database'], files: databaseFilesOfNode, env: testDatabases.env, timeoutMs: 10 * minuteMs };
  return runUnderEach(nodes, (major) => ({ ...suite, title: `database, Node ${major}` }), signal);
}

/**
 * As far as there is an engine, the tests in which connections and streams of each other Node have a part.
 *
 * @param {readonly OtherNode[]} nodes
 * @param {TestEngine} testEngine
 * @param {AbortSignal} signal
 */
export async function runEngineSuiteUnderNodes(nodes, testEngine, signal) {
  if (testEngine.state !== 'ready') return noTests;
  const env = { DOCKER_HOST: testEngine.engine.dockerHost };
  const suite = { projects: ['engine'], env, timeoutMs: 10 * minuteMs };
  const filesOf = (/** @type {number} */ major) =>
    major === nodes[0]?.major ? [...engineFilesOfNode, ...engineFilesOfNewerNode] : engineFilesOfNode;
  return runUnderEach(nodes, (major) => ({ ...suite, files: filesOf(major), title: `engine, Node ${major}` }), signal);
}

/**
 * That there is no such Node is told and counted where the unit tests miss it.
 *
 * @param {readonly OtherNode[]} nodes
 * @param {(major: number) => Suite} suiteOf
 * @param {AbortSignal} signal
 */
async function runUnderEach(nodes, suiteOf, signal) {
  const totals = [];
  for (const { major, found } of nodes) {
    const node = await found;
    if ('program' in node) totals.push(await runSuite({ ...suiteOf(major), nodeProgram: node.program }, signal));
  }
  return addTotals(totals);
}
