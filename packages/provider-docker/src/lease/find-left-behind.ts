import { OWNER_LABEL, POOL_LABEL } from '../container-spec.ts';
import type { DockerEngine, ListedContainer, ListedVolume } from '../engine/docker-engine.ts';
import { holderState } from './holder.ts';
import { HOLDER_LABEL, LEASE_MS, ownLifetimeMs } from './lease-labels.ts';
import type { LeftBehind } from './left-behind.ts';

/** Everything of ours in an engine, at one time of its clock. */
export interface EngineStock {
  readonly nowMs: number;
  readonly containers: readonly ListedContainer[];
  readonly leases: readonly ListedVolume[];
}

/** How long after its longest lifetime a container is given to end by itself. After that it is there only for a living maker. */
const LIFETIME_GRACE_MS = 60_000;

const ENDED_STATES = new Set(['exited', 'dead', 'stopped']);

/** Asks an engine for everything of ours. Containers come first, so that each lease is listed that was taken before its container. */
export async function takeStock(engine: DockerEngine, signal?: AbortSignal): Promise<EngineStock> {
  const label = `${OWNER_LABEL}=sandport`;
  const containers = await engine.containers(label, signal);
  const leases = await engine.volumes(label, signal);
  return { nowMs: (await engine.facts(signal)).timeMs, containers, leases };
}

/** Finds in a stock what nobody needs any more. What a living owner holds is never among it. */
export function findLeftBehind(stock: EngineStock): LeftBehind[] {
  const containers = stock.containers.flatMap((container) => {
    const verdict = judge(container, stock);
    return verdict === undefined ? [] : [{ kind: 'container' as const, id: container.id, name: container.name, ...verdict }];
  });
  const gone = new Set(containers.map(({ id }) => id));
  const neededPools = new Set(stock.containers.filter(({ id }) => !gone.has(id)).map(({ labels }) => labels[POOL_LABEL]));
  const leases = stock.leases
    .filter(({ labels }) => !neededPools.has(labels[POOL_LABEL]))
    .filter((lease) => holderStateOf(lease) === 'dead' || (isExpired(lease, stock.nowMs) && holderStateOf(lease) === 'unknown'))
    .map(({ name }) => ({ kind: 'lease' as const, id: name, name, reason: 'Its owner has ended.', isCertain: true }));
  return [...containers, ...leases];
}

type Verdict = Pick<LeftBehind, 'reason' | 'isCertain'>;

function judge(container: ListedContainer, stock: EngineStock): Verdict | undefined {
  const lifetimeMs = ownLifetimeMs(container.labels);
  const ageMs = stock.nowMs - container.createdAtMs;
  if (lifetimeMs !== null && container.state !== 'created') {
    if (ENDED_STATES.has(container.state)) return { reason: 'It has ended and was not removed.', isCertain: true };
    if (ageMs <= lifetimeMs + LIFETIME_GRACE_MS) return undefined;
  }
  return judgeHeld(container, stock, ageMs);
}

/** One whose owner must live. The process itself is the better witness; where it cannot be seen from here, the lease is the only one. */
function judgeHeld(container: ListedContainer, { leases, nowMs }: EngineStock, ageMs: number): Verdict | undefined {
  const state = holderStateOf(container);
  if (state === 'dead') return { reason: 'The process that made it has ended.', isCertain: true };
  const ownLeases = leases.filter(({ labels }) => labels[POOL_LABEL] === container.labels[POOL_LABEL]);
  if (ageMs < LEASE_MS || ownLeases.some((lease) => !isExpired(lease, nowMs))) return undefined;
  if (ownLeases.length === 0) return { reason: 'It has no lease.', isCertain: false };
  return state === 'alive' ? undefined : { reason: 'Its lease is no longer renewed.', isCertain: true };
}

function isExpired(lease: ListedVolume, nowMs: number): boolean {
  return nowMs - lease.createdAtMs >= LEASE_MS;
}

function holderStateOf({ labels }: ListedContainer | ListedVolume): ReturnType<typeof holderState> {
  return holderState(labels[HOLDER_LABEL] ?? '');
}
