import { OWNER_LABEL } from '../container-spec.ts';
import type { DockerEngine } from './docker-engine.ts';

/** How old a container that never ran must be before it is taken for left behind, and not for one that is about to start. */
const STALE_AFTER_MS = 60_000;

/**
 * Removes containers that a process of ours made and did not live to start. Those that run end by themselves when their process dies; these do
 * nothing, but stay.
 *
 * @returns The names of what was removed.
 */
export async function removeStaleContainers(engine: DockerEngine, olderThanMs: number = STALE_AFTER_MS): Promise<readonly string[]> {
  const containers = await engine.containers(`${OWNER_LABEL}=sandport`);
  const stale = containers.filter((container) => container.state !== 'running' && Date.now() - container.createdAtMs >= olderThanMs);
  await Promise.all(stale.map((container) => engine.removeContainer(container.id)));
  return stale.map((container) => container.name);
}
