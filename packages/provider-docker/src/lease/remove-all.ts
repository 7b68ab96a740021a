import type { DockerEngine } from '../engine/docker-engine.ts';
import type { LeftBehind } from './left-behind.ts';

/** Containers before leases: a lease that goes first would make its containers unaccounted for. */
export async function removeAll(
  engine: DockerEngine,
  leftBehind: readonly LeftBehind[],
  onFailure: (error: unknown) => void,
): Promise<readonly LeftBehind[]> {
  const removed: LeftBehind[] = [];
  for (const each of [...leftBehind].sort((a, b) => a.kind.localeCompare(b.kind))) {
    try {
      await (each.kind === 'container' ? engine.removeContainer(each.id) : engine.removeVolume(each.name));
      removed.push(each);
    } catch (error) {
      onFailure(error);
    }
  }
  return removed;
}
