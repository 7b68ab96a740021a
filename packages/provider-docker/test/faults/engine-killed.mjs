// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { isOurError, strikeWhileCallsRun } from './engine-faults.mjs';
import { openKillableEngine } from './killable-engine.mjs';

/** @import { Report, Surroundings } from './scenario.mjs' */

const DOWN_MS = 300;

/**
 * Kills an engine of its own under running calls and starts it again.
 *
 * @param {Surroundings} surroundings
 * @param {{ rounds: number, recoveryMs?: number }} options
 * @returns {Promise<Report>}
 */
export async function killEngine(surroundings, { rounds, recoveryMs }) {
  const engine = await openKillableEngine({ sourceDockerHost: surroundings.dockerHost, image: 'sandport/python:minimal' });
  try {
    const fault = {
      name: 'engine killed',
      endsContainers: true,
      callTimeoutMs: 60_000,
      strike: async () => {
        await engine.kill();
        await delay(DOWN_MS);
        await engine.start();
      },
      isTrue: isOurError,
    };
    return await strikeWhileCallsRun(
      { ...surroundings, dockerHost: engine.dockerHost },
      { fault, rounds, ...(recoveryMs === undefined ? {} : { recoveryMs }) },
    );
  } finally {
    await engine.close();
  }
}
