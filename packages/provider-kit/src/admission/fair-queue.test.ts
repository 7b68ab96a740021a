import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

interface Entry {
  readonly tenant: string;
  readonly number: number;
  readonly profile?: string;
}

function filled(maxLength: number, tenants: string): FairQueue<Entry> {
  const queue = new FairQueue<Entry>(maxLength);
  for (const [number, tenant] of tenants.split('').entries()) queue.add({ tenant, number });
  return queue;
}

function drain(queue: FairQueue<Entry>): string {
  let order = '';
  for (let entry = queue.take(); entry !== undefined; entry = queue.take()) order += entry.tenant;
  return order;
}

describe('a fair queue', () => {
  it('is first in, first out within a tenant', () => {
    const queue = filled(100, 'aaaa');
    expect([queue.take(), queue.take(), queue.take(), queue.take()].map((entry) => entry?.number)).toEqual([0, 1, 2, 3]);
    expect(queue.take()).toBeUndefined();
  });

  it('lets tenants take turns, however much each has waiting', () => {
    expect(drain(filled(100, 'aaaaaabbcc'))).toBe('abcabcaaaa');
  });

  it('serves a newcomer next, and nobody twice for coming back', () => {
    const queue = filled(100, 'aaaaaaaa');
    expect([queue.take(), queue.take(), queue.take()].map((entry) => entry?.tenant)).toEqual(['a', 'a', 'a']);
    const order: (string | undefined)[] = [];
    for (let index = 0; index < 6; index += 1) {
      if (index % 2 === 0) queue.add({ tenant: 'b', number: index });
      order.push(queue.take()?.tenant);
    }
    expect(order).toEqual(['b', 'a', 'b', 'a', 'b', 'a']);
  });

  it('says the order before it serves it', () => {
    const queue = filled(100, 'aaabbc');
    queue.take();
    queue.add({ tenant: 'd', number: 9 });
    const foretold = queue.inOrder();
    const served: unknown[] = [];
    for (let entry = queue.take(); entry !== undefined; entry = queue.take()) served.push(entry);
    expect(foretold).toEqual(served);
    expect(foretold).toHaveLength(6);
  });

  it.each([
    ['aaaaaa', 'a', 6],
    ['aaaaaa', 'b', 1],
    ['aaaabb', 'b', 5],
    ['aaaabb', 'c', 2],
    ['', 'a', 0],
  ])('of %o lets a newcomer of %s wait for %i', (tenants, tenant, ahead) => {
    const queue = filled(100, tenants);
    expect(queue.aheadOf(tenant)).toBe(ahead);
    const newcomer = { tenant, number: -1 };
    queue.add(newcomer);
    expect(queue.inOrder().indexOf(newcomer)).toBe(ahead);
  });

  it('keeps a quarter of its room from any one tenant, and some from any number of them', () => {
    expect(filled(100, 'a'.repeat(200)).length).toBe(75);
    const queue = filled(100, 'a'.repeat(200) + 'b'.repeat(200));
    expect(queue.lengthOf('b')).toBeGreaterThan(15);
    expect(queue.hasRoomFor('a')).toBe(false);
    expect(queue.hasRoomFor('c')).toBe(true);
    for (let number = 0; number < 300; number += 1) queue.add({ tenant: `t${number}`, number });
    expect(queue.length).toBe(100);
    expect(queue.add({ tenant: 'last', number: 0 })).toBe(false);
  });

  it('takes the next that fits, and lets the others keep their turn', () => {
    const queue = new FairQueue<Entry>(100);
    queue.add({ tenant: 'a', number: 0, profile: 'x' });
    queue.add({ tenant: 'a', number: 1, profile: 'y' });
    queue.add({ tenant: 'b', number: 2, profile: 'y' });
    expect(queue.take((entry) => entry.profile === 'y')?.number).toBe(1);
    expect(queue.take((entry) => entry.profile === 'y')?.number).toBe(2);
    expect(queue.take((entry) => entry.profile === 'y')).toBeUndefined();
    expect(queue.take()?.number).toBe(0);
  });

  it('does not charge a tenant for entries that leave unserved', () => {
    const queue = new FairQueue<Entry>(100);
    const leaving = Array.from({ length: 20 }, (_, number) => ({ tenant: 'a', number }));
    for (const entry of leaving) queue.add(entry);
    queue.add({ tenant: 'b', number: 0 });
    queue.add({ tenant: 'b', number: 1 });
    expect(leaving.every((entry) => queue.remove(entry))).toBe(true);
    expect(queue.remove({ tenant: 'a', number: 0 })).toBe(false);
    queue.add({ tenant: 'a', number: 99 });
    expect(drain(queue)).toBe('bab');
  });
});
