import { setTimeout as delay } from 'node:timers/promises';
import { throwIfCancelled } from '@sandport/provider-kit';
import { PROVIDER_ID } from '../docker-errors.ts';
import { DockerEngine } from '../engine/docker-engine.ts';
import type { EngineAccess } from '../engine/locate-engine.ts';
import { findLeftBehind, takeStock } from './find-left-behind.ts';
import { SECOND_LOOK_MS } from './lease-labels.ts';
import type { LeftBehind } from './left-behind.ts';
import { removeAll } from './remove-all.ts';

/** What `removeLeftBehind` is told. */
export interface RemoveLeftBehindOptions extends EngineAccess {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes at once what ended processes of ours have left in an engine. What is not certain is looked at a second time, 20 s later.
 *
 * @returns What was removed.
 * @throws SandboxError `PROVIDER_UNAVAILABLE` when the engine does not answer or would not remove something; `CANCELLED`.
 */
export async function removeLeftBehind({ signal, ...access }: RemoveLeftBehindOptions = {}): Promise<readonly LeftBehind[]> {
  const engine = new DockerEngine(access);
  const first = findLeftBehind(await takeStock(engine, signal));
  const fail = (error: unknown): never => {
    throw error;
  };
  const removed = await removeAll(
    engine,
    first.filter((each) => each.isCertain),
    fail,
  );
  const suspects = new Set(first.filter((each) => !each.isCertain).map(({ id }) => id));
  if (suspects.size === 0) return removed;
  await delay(SECOND_LOOK_MS, undefined, { signal }).catch((error: unknown) => {
    throwIfCancelled({ signal, providerId: PROVIDER_ID, operation: 'remove what was left behind' });
    throw error;
  });
  const second = findLeftBehind(await takeStock(engine, signal));
  return [
    ...removed,
    ...(await removeAll(
      engine,
      second.filter(({ id }) => suspects.has(id)),
      fail,
    )),
  ];
}
