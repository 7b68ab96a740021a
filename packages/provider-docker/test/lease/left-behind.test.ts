import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { OWNER_LABEL, POOL_LABEL } from '../../src/container-spec.ts';
import type { ListedContainer, ListedVolume } from '../../src/engine/docker-engine.ts';
import { holderState, thisHolder } from '../../src/lease/holder.ts';
import { HOLDER_LABEL, LEASE_LABEL, LEASE_MS } from '../../src/lease/lease-labels.ts';
import { findLeftBehind } from '../../src/lease/find-left-behind.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const FAR = 'another-boot/1/2/3';
const LIVING = thisHolder();
const DEAD = LIVING.replace(/\/\d+$/, '/1');
const OLD_MS = 10 * LEASE_MS;

function container(
  pool: string,
  holder: string,
  more: Partial<ListedContainer> & { ageMs?: number; lease?: string } = {},
): ListedContainer {
  const { ageMs = OLD_MS, lease: text = 'held', ...rest } = more;
  const labels = { [OWNER_LABEL]: 'sandport', [POOL_LABEL]: pool, [HOLDER_LABEL]: holder, [LEASE_LABEL]: text };
  return { id: `id-${pool}`, name: `sandport-${pool}-1`, state: 'running', createdAtMs: NOW - ageMs, labels, ...rest };
}

function lease(pool: string, holder: string, ageMs: number): ListedVolume {
  return { name: `sandport-lease-${pool}-0`, createdAtMs: NOW - ageMs, labels: { [POOL_LABEL]: pool, [HOLDER_LABEL]: holder } };
}

function find(containers: ListedContainer[], leases: ListedVolume[] = []) {
  return findLeftBehind({ nowMs: NOW, containers, leases }).map(({ kind, isCertain }) => [kind, isCertain]);
}

describe('the holder of a container', () => {
  it('is this process, and no other one of the same number', () => {
    expect(holderState(LIVING)).toBe('alive');
    expect(holderState(DEAD)).toBe('dead');
  });

  it('is dead when its process has ended', () => {
    const { pid } = spawnSync('true');
    expect(holderState(LIVING.replace(/^((?:[^/]+\/){2})\d+/, `$1${pid}`))).toBe('dead');
  });

  it.each([FAR, '', 'unknown', LIVING.replace('/', '/9')])('is unknown when it is %j', (holder) => {
    expect(holderState(holder)).toBe('unknown');
  });
});

describe('what is left behind', () => {
  it('is what a process of this machine made that has ended, at once and with its lease', () => {
    expect(find([container('a', DEAD, { ageMs: 0, state: 'created' })], [lease('a', DEAD, 0)])).toEqual([
      ['container', true],
      ['lease', true],
    ]);
  });

  it('is what a process elsewhere no longer renews the lease of', () => {
    expect(find([container('a', FAR)], [lease('a', FAR, LEASE_MS)])).toEqual([
      ['container', true],
      ['lease', true],
    ]);
    expect(find([container('a', FAR)], [lease('a', FAR, LEASE_MS), lease('a', FAR, LEASE_MS - 1)])).toEqual([]);
  });

  it('is not certain when there is no lease at all', () => {
    expect(find([container('a', FAR)])).toEqual([['container', false]]);
    expect(find([container('a', LIVING)])).toEqual([['container', false]]);
    expect(find([container('a', FAR, { ageMs: LEASE_MS - 1 })])).toEqual([]);
  });

  it('is never what a living process of this machine holds, however late its lease', () => {
    expect(find([container('a', LIVING)], [lease('a', LIVING, OLD_MS)])).toEqual([]);
    expect(find([container('a', LIVING, { state: 'created' })], [lease('a', LIVING, 0)])).toEqual([]);
  });

  it('is not a sandbox that may be connected to again, until its own time is over', () => {
    const own = { lease: String(OLD_MS) };
    expect(find([container('a', DEAD, { ...own, ageMs: OLD_MS })])).toEqual([]);
    expect(find([container('a', DEAD, { ...own, ageMs: OLD_MS + 60_001 })])).toEqual([['container', true]]);
    expect(find([container('a', LIVING, { ...own, ageMs: 10 * OLD_MS })], [lease('a', LIVING, 0)])).toEqual([]);
    expect(find([container('a', FAR, { ...own, state: 'exited' })])).toEqual([['container', true]]);
    expect(find([container('a', DEAD, { ...own, state: 'created' })])).toEqual([['container', true]]);
  });

  it('is a lease only when no container is there for it', () => {
    expect(find([], [lease('a', FAR, LEASE_MS), lease('b', FAR, 0), lease('c', LIVING, OLD_MS)])).toEqual([['lease', true]]);
  });

  it('is what an older version made without a lease', () => {
    const old = { ...container('a', FAR), labels: { [OWNER_LABEL]: 'sandport', [POOL_LABEL]: 'a' } };
    expect(find([old])).toEqual([['container', false]]);
  });
});
