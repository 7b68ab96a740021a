import { describe, expect, it } from 'vitest';
import { TenantUse } from './tenant-use.ts';

function useOf(calls: Record<string, number>): { use: TenantUse; clock: { time: number } } {
  const clock = { time: 0 };
  const use = new TenantUse(() => clock.time);
  for (const [tenant, count] of Object.entries(calls)) for (let index = 0; index < count; index += 1) use.note(tenant);
  return { use, clock };
}

describe('the use by tenants', () => {
  it.each([
    [{}, undefined],
    [{ a: 100 }, undefined],
    [{ a: 100, b: 1 }, 'a'],
    [{ b: 1, a: 100 }, 'a'],
    [{ a: 100, b: 100 }, undefined],
    [{ a: 60, b: 40 }, undefined],
    [{ a: 70, b: 10, c: 5, d: 5 }, 'a'],
    [{ a: 3, b: 1 }, undefined],
  ])('of %o is crowded by %s', (calls, tenant) => {
    expect(useOf(calls).use.crowdingTenant).toBe(tenant);
  });

  it('is no longer crowded when the others have stopped', () => {
    const { use, clock } = useOf({ a: 100, b: 1 });
    clock.time = 60_000;
    use.note('a');
    expect(use.crowdingTenant).toBe('a');
    clock.time = 120_000;
    use.note('a');
    expect(use.crowdingTenant).toBeUndefined();
  });

  it('is forgotten after a while', () => {
    const { use, clock } = useOf({ a: 1 });
    expect(use.isForgotten).toBe(false);
    clock.time = 100_000;
    expect(use.isForgotten).toBe(true);
  });

  it('remembers few of very many tenants that came once', () => {
    const { use, clock } = useOf({});
    for (let index = 0; index < 50_000; index += 1) {
      clock.time += 1_000;
      use.note(`tenant ${index}`);
    }
    expect(use.tenantCount).toBeLessThan(300);
  });
});
