// @ts-check
/**
 * The fault scenarios for long. `tools/soak.mjs` starts it with an engine that has the images; it prints what happens on stderr and the figures on stdout.
 */
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { burst, twoTenants } from './crowd.mjs';
import { makeManyCalls } from './endurance.mjs';
import { containersRemoved, socketCut, socketStalled, strikeWhileCallsRun } from './engine-faults.mjs';
import { killEngine } from './engine-killed.mjs';
import { EngineView } from './engine-view.mjs';
import { killProcesses } from './killed-processes.mjs';
import { floodOutput, writeLines } from './output.mjs';

/** @import { Report, Surroundings } from './scenario.mjs' */

/** Every scenario, with the size of a full run; `scale` makes it smaller. @type {Readonly<Record<string, (surroundings: Surroundings, scale: (size: number) => number) => Promise<Report>>>} */
const SCENARIOS = {
  'output-flood': (surroundings) => floodOutput(surroundings, { megabytes: 100 }),
  'output-lines': (surroundings) => writeLines(surroundings, { lines: 100_000 }),
  burst: (surroundings) => burst(surroundings, { calls: 100, maxWaitMs: 2_000, judgesTimes: true }),
  'two-tenants': (surroundings, scale) => twoTenants(surroundings, { calls: scale(60), intervalMs: 1_000, judgesTimes: true }),
  'socket-cut': (surroundings, scale) => strikeWhileCallsRun(surroundings, { fault: socketCut, rounds: scale(20) }),
  'socket-stalled': (surroundings, scale) => strikeWhileCallsRun(surroundings, { fault: socketStalled, rounds: scale(10) }),
  'containers-removed': (surroundings, scale) => strikeWhileCallsRun(surroundings, { fault: containersRemoved, rounds: scale(20) }),
  'engine-killed': (surroundings, scale) => killEngine(surroundings, { rounds: scale(5) }),
  'processes-killed': (surroundings, scale) => killProcesses(surroundings, { kills: scale(200), atATime: 2, longestLifeMs: 3_000 }),
  'calls-in-a-row': (surroundings, scale) =>
    makeManyCalls(surroundings, { calls: scale(10_000), atATime: 1, callsPerSandbox: 20, warmUpCalls: 200 }),
  'calls-at-a-time': (surroundings, scale) =>
    makeManyCalls(surroundings, { calls: scale(2_000), atATime: 16, callsPerSandbox: 1, warmUpCalls: 64 }),
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: Object.keys(SCENARIOS) },
    isolation: { type: 'string', multiple: true, default: ['runc', 'gvisor'] },
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const factor = Number(values.scale);
const dockerHost = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';

/** @param {string} line */
const log = (line) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

/**
 * @param {string} name
 * @param {'gvisor' | 'runc'} isolation
 * @returns {Promise<{ scenario: string, isolation: string, seconds: number } & Report>}
 */
async function run(name, isolation) {
  const startedAt = performance.now();
  log(`${name}, ${isolation}: begins`);
  /** @type {Surroundings} */
  const surroundings = { isolation, dockerHost, open: (config) => createProvider(dockerProvider, config), log };
  const report = await runScenario(name, surroundings);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  log(`${name}, ${isolation}: ${report.problems.length === 0 ? 'well' : `${report.problems.length} PROBLEMS`}, ${seconds} s`);
  return { scenario: name, isolation, seconds, ...report };
}

/**
 * @param {string} name
 * @param {Surroundings} surroundings
 * @returns {Promise<Report>}
 */
async function runScenario(name, surroundings) {
  try {
    return (
      (await SCENARIOS[name]?.(surroundings, (size) => Math.max(1, Math.round(size * factor)))) ?? {
        figures: {},
        problems: ['no such scenario'],
      }
    );
  } catch (error) {
    return { figures: {}, problems: [`it broke off: ${error instanceof Error ? error.stack : String(error)}`] };
  }
}

/** @returns {Promise<Record<string, unknown>>} what the figures depend on */
async function describeMachine() {
  const { ServerVersion, CgroupVersion, Driver } = await new EngineView(dockerHost).docker.info();
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
  return {
    date: new Date().toISOString(),
    node: process.version,
    // What a builder of kernels appends says nothing to others.
    kernel: /^[\d.]+/.exec(release())?.[0] ?? release(),
    cpus: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    loadAtStart: Number(load),
    engine: ServerVersion,
    cgroup: CgroupVersion,
    storage: Driver,
    scale: factor,
  };
}

const machine = await describeMachine();
const began = performance.now();
/** @type {Awaited<ReturnType<typeof run>>[]} */
const reports = [];
for (const name of values.only) {
  for (const isolation of values.isolation) {
    if (isolation !== 'gvisor' && isolation !== 'runc') throw new Error(`--isolation: "${isolation}" is neither gvisor nor runc`);
    const report = await run(name, isolation);
    reports.push(report);
    if (!values.json) process.stdout.write(`${report.scenario}, ${isolation} (${report.seconds} s)\n${describe(report)}\n`);
  }
}
const failed = reports.filter(({ problems }) => problems.length > 0);
if (values.json)
  process.stdout.write(`${JSON.stringify({ machine, seconds: Math.round((performance.now() - began) / 1_000), reports }, null, 2)}\n`);
else
  process.stdout.write(
    `${JSON.stringify(machine)}\n${reports.length} scenarios, ${reports.length - failed.length} well, ${failed.length} with problems\n`,
  );
process.exitCode = failed.length === 0 ? 0 : 1;

/** @param {Report} report */
function describe({ figures, problems }) {
  const facts = Object.entries(figures).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}\n`);
  const complaints = problems.slice(0, 20).map((problem) => `  PROBLEM ${problem}\n`);
  return [...facts, ...complaints].join('');
}
