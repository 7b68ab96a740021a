// @ts-check
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EngineView, timeUntil } from './engine-view.mjs';
import { sleeper, spread } from './scenario.mjs';
import { Ledger, settleCall } from './settle-call.mjs';

/** @import { Report, Surroundings } from './scenario.mjs' */

const loop = fileURLToPath(new URL('call-loop.mjs', import.meta.url));
const ORPHAN_MS = 60_000;
const LONGEST_START_MS = 20_000;
/** What of a process is left may be created but not started yet: only another process of ours can end that. */
const HELPER_ROUND_MS = 2_000;

/**
 * Kills processes that run calls, at random moments from their start on, and looks for what they leave.
 *
 * @param {Surroundings} surroundings
 * @param {{ kills: number, atATime: number, longestLifeMs: number }} options
 * @returns {Promise<Report>}
 */
export async function killProcesses({ isolation, dockerHost, open, log }, { kills, atATime, longestLifeMs }) {
  const view = new EngineView(dockerHost);
  const ledger = new Ledger();
  /** @type {number[]} */
  const emptyAfterMs = [];
  /** @type {number[]} */
  const runningGoneMs = [];
  /** @type {Set<number>} */
  const processIds = new Set();
  let settled = 0;
  let next = 0;
  const worker = async () => {
    while (next < kills) {
      const kill = (next += 1);
      const child = spawn(process.execPath, [loop, isolation, `kill-${kill}`], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, DOCKER_HOST: dockerHost },
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
      // Every other one is let come as far as its first program, however long this machine takes for that.
      if (kill % 2 === 0) await timeUntil(async () => output.includes('started '), LONGEST_START_MS);
      await delay(randomInt(0, longestLifeMs));
      child.kill('SIGKILL');
      await once(child, 'close');
      const own = new Set([child.pid ?? -1]);
      processIds.add(child.pid ?? -1);
      ledger.note(output);
      settled += output.split('settled ').length - 1;
      const isStopped = async () => (await view.ofProcesses(own)).every(({ State }) => State !== 'running');
      runningGoneMs.push(await timeUntil(isStopped, ORPHAN_MS));
      const left = (await view.ofProcesses(own)).length;
      if (left === 0) emptyAfterMs.push(runningGoneMs.at(-1) ?? 0);
      if (kill % 10 === 0) log(`killed processes, ${isolation}: ${kill} of ${kills}`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  const leftToReap = (await view.ofProcesses(processIds)).length;
  const leasesLeft = (await view.leasesOf(processIds)).length;
  const { reapedMs, orphans, leases } = await reap(open, isolation, view, processIds);
  const problems = ledger.repeated.map((id) => `${id} ran more than once`);
  if (runningGoneMs.some((each) => Number.isNaN(each))) problems.push('a container ran on for longer than 60 s');
  if (orphans > 0) problems.push(`${orphans} containers were left after 60 s`);
  if (leases > 0) problems.push(`${leases} leases were left after 60 s`);
  return {
    figures: {
      kills,
      programsStarted: ledger.started,
      startedTwice: ledger.repeated.length,
      callsSettledBefore: settled,
      killsThatLeftNothingByThemselves: emptyAfterMs.length,
      runningGoneMs: spread(runningGoneMs),
      leftForTheReaper: { containers: leftToReap, leases: leasesLeft },
      reapedMs: Math.round(reapedMs),
      orphans,
    },
    problems,
  };
}

/**
 * Another process of ours removes what the killed ones left, as its first call begins.
 *
 * @param {Surroundings['open']} open
 * @param {string} isolation
 * @param {EngineView} view
 * @param {ReadonlySet<number>} processIds
 */
async function reap(open, isolation, view, processIds) {
  const isClean = async () => (await view.ofProcesses(processIds)).length + (await view.leasesOf(processIds)).length === 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < ORPHAN_MS) {
    const provider = open({ isolation, dockerHost: view.dockerHost, warmContainers: 0 });
    try {
      await settleCall(provider, { code: sleeper('reaper', 0) });
      if (!Number.isNaN(await timeUntil(isClean, HELPER_ROUND_MS))) break;
    } finally {
      await provider.close();
    }
  }
  const reapedMs = performance.now() - startedAt;
  return { reapedMs, orphans: (await view.ofProcesses(processIds)).length, leases: (await view.leasesOf(processIds)).length };
}
