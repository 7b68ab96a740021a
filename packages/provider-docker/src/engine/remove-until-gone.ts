import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { statusOf } from '../docker-errors.ts';

/** An engine that removes a container by itself is done within milliseconds. */
const POLL_MS = 100;
const MOST_POLLS = 20;

/**
 * Ends and removes a container, and comes back when it is gone.
 *
 * An engine that is removing it already answers 409. That is a promise and no fact: an engine that is killed then, or that finds the container's files in use, leaves it there and does not try again. So it is asked
 * until it knows no such container, or removes it for us.
 *
 * @throws The engine's error, also when it is still removing it after two seconds.
 */
export async function removeUntilGone(container: Docker.Container, signal: AbortSignal): Promise<void> {
  for (let poll = 1; ; poll += 1) {
    try {
      await container.remove({ force: true, v: true, abortSignal: signal });
      return;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) return;
      if (status !== 409 || poll === MOST_POLLS) throw error;
    }
    await delay(POLL_MS, undefined, { signal });
  }
}
