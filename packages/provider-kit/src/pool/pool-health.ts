import type { HealthCheck } from '@sandport/core';
import type { PoolDescription } from './pool-description.ts';
import type { ProviderTerms } from '../provider-terms.ts';

/** What is wrong with a pool: nothing, as a rule. A breaker that is open says why it is, and when it tries again. */
export function poolChecks(terms: ProviderTerms, pool: PoolDescription): HealthCheck[] {
  const broken = pool.profiles.filter(({ breaker }) => breaker.state !== 'closed');
  const checks = broken.map(({ profile, breaker }): HealthCheck => {
    const reason = breaker.reason === null ? '' : ` ${breaker.reason}`;
    return {
      name: `pool.${profile}`,
      status: 'warning',
      message: `No ${terms.instances} are made after ${breaker.failures} failures in a row; the next attempt is due in ${Math.ceil(breaker.nextProbeMs / 1000)} s.${reason}`,
      remedy: 'Mend the cause; the pool then fills up by itself.',
    };
  });
  if (pool.waiting === 0 || pool.total < pool.maxInstances) return checks;
  return [
    ...checks,
    {
      name: 'pool',
      status: 'warning',
      message: `All ${pool.maxInstances} ${terms.instances} are in use, and ${pool.waiting} call(s) wait.`,
      remedy: `Raise "${terms.capacityField}" where the machine can carry it.`,
    },
  ];
}
