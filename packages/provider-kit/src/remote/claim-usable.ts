import type { ClaimedInstance, ClaimOptions, PooledInstance } from '../pool/pool-options.ts';
import type { InstancePool } from '../pool/instance-pool.ts';
import type { GuestTunnel } from './guest-tunnel.ts';

/** What a sandbox of a service is known by before it is used. */
export interface RemoteInstance extends PooledInstance {
  readonly tunnel: GuestTunnel;
  readonly madeAtMs: number;
  /** When the service ends it at the latest, in milliseconds since the epoch. */
  readonly endsAtMs: number;
}

/** A sandbox that was heard of so lately needs no look before it is used. */
const FRESH_MS = 2000;
/** What a sandbox must have left beyond the life that is asked of it, unless it was just made. */
const LIFE_SLACK_MS = 60_000;
const MOST_CLAIMS = 4;

/** What is to be claimed. */
export interface UsableClaim<Profile> extends ClaimOptions {
  readonly profile: Profile;
  readonly lifetimeMs: number;
  /** What the failure of a look was, in the provider's terms. */
  readonly toError: (error: unknown) => Error;
}

/**
 * Claims a sandbox that can be used: one that has waited is looked at first, since the service may have ended it, and a job that was handed to nobody would be lost.
 *
 * @throws what the pool throws; `toError` of the look's failure for a call that is withdrawn meanwhile.
 */
export async function claimUsable<Profile, Instance extends RemoteInstance>(
  pool: InstancePool<Profile, Instance>,
  { profile, lifetimeMs, toError, ...options }: UsableClaim<Profile>,
): Promise<ClaimedInstance<Instance>> {
  const { signal } = options;
  for (let claims = 1; ; claims += 1) {
    const claimed = await pool.claim(profile, options);
    const { instance } = claimed;
    if (claims >= MOST_CLAIMS || Date.now() - instance.madeAtMs < FRESH_MS) return claimed;
    try {
      const isLongEnough = instance.endsAtMs - Date.now() >= lifetimeMs + LIFE_SLACK_MS;
      if (isLongEnough && Date.now() - instance.tunnel.heardAtMs >= FRESH_MS) await instance.tunnel.touch(signal);
      if (isLongEnough) return claimed;
    } catch (error) {
      if (signal?.aborted === true) {
        await pool.discard(instance);
        throw toError(error);
      }
    }
    await pool.discard(instance);
  }
}
