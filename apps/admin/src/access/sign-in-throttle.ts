import { createHash } from 'node:crypto';
import { ServiceProblem } from '@sandport/http-service';
import type { PeopleStore } from '@sandport/settings';
import { networkOf } from './network-of.ts';

/** So many failures are borne with in a time; after them it is to be waited until it is over. */
interface Tier {
  readonly windowMs: number;
  readonly most: number;
}

const MINUTE_MS = 60_000;

/** Who goes on waits longer and longer. */
const NAME_TIERS: readonly Tier[] = [
  { windowMs: MINUTE_MS, most: 5 },
  { windowMs: 15 * MINUTE_MS, most: 10 },
  { windowMs: 120 * MINUTE_MS, most: 20 },
];

/** Many people can be behind one address. */
const ADDRESS_TIERS: readonly Tier[] = [
  { windowMs: MINUTE_MS, most: 20 },
  { windowMs: 15 * MINUTE_MS, most: 60 },
  { windowMs: 120 * MINUTE_MS, most: 200 },
];

/** One attempt to sign in. */
export interface Attempt {
  /** As it was typed. */
  readonly name: string;
  readonly address: string;
}

/** How the throttle works. */
export interface ThrottleOptions {
  readonly people: Pick<PeopleStore, 'countFailure' | 'failuresOf' | 'clearFailures'>;
  readonly now: () => number;
}

/**
 * Slows guessing down, for a name and for an address, whether there is an account of that name or not. All processes at one database count together.
 *
 * Who knows a name can keep its owner from signing in for as long as he goes on; sessions that live are not touched by it.
 */
export class SignInThrottle {
  readonly #people: ThrottleOptions['people'];
  readonly #now: () => number;

  constructor({ people, now }: ThrottleOptions) {
    this.#people = people;
    this.#now = now;
  }

  /**
   * Lets an attempt be made, and counts it for the name before it is known how it ends: of many at one moment no more get through.
   *
   * @throws ServiceProblem `TOO_MANY_REQUESTS` with the time after which to come again.
   */
  async begin(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const keys = [...nameKeys(attempt), ...addressKeys(attempt)].toSorted((left, right) => right.tier.windowMs - left.tier.windowMs);
    for (const { key, tier } of keys) {
      const failures = await this.#people.failuresOf(key, this.#window(tier), { signal });
      if (failures >= tier.most) throw tooMany(tier);
    }
    for (const { key, tier } of nameKeys(attempt)) {
      const failures = await this.#people.countFailure(key, this.#window(tier), { signal });
      if (failures > tier.most) throw tooMany(tier);
    }
  }

  /** It failed. */
  async failed(attempt: Attempt, signal: AbortSignal): Promise<void> {
    for (const { key, tier } of addressKeys(attempt)) await this.#people.countFailure(key, this.#window(tier), { signal });
  }

  /** It did not fail: the name starts afresh. */
  async succeeded(attempt: Attempt, signal: AbortSignal): Promise<void> {
    for (const { key } of nameKeys(attempt)) await this.#people.clearFailures(key, { signal });
  }

  #window({ windowMs }: Tier): { readonly nowMs: number; readonly windowMs: number } {
    return { nowMs: this.#now(), windowMs };
  }
}

interface KeyOfTier {
  readonly key: string;
  readonly tier: Tier;
}

function nameKeys({ name }: Attempt): readonly KeyOfTier[] {
  return keysOf('name', name.normalize('NFKC').toLowerCase().normalize('NFKC').trim(), NAME_TIERS);
}

function addressKeys({ address }: Attempt): readonly KeyOfTier[] {
  return keysOf('address', networkOf(address), ADDRESS_TIERS);
}

/** What was typed is not written down. */
function keysOf(kind: string, text: string, tiers: readonly Tier[]): readonly KeyOfTier[] {
  const digest = createHash('sha256').update(text).digest('hex');
  return tiers.map((tier) => ({ key: `${kind}-${tier.windowMs}-${digest}`, tier }));
}

function tooMany({ windowMs }: Tier): ServiceProblem {
  return new ServiceProblem('TOO_MANY_REQUESTS', 'Too many attempts to sign in have failed: wait before the next one.', {
    retryAfterMs: windowMs,
  });
}
