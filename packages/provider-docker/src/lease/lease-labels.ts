import { thisHolder } from './holder.ts';

/** Label that names the process that made something. */
export const HOLDER_LABEL = 'io.sandport.holder';

/** Label that says how long a container may be there: `held`, for as long as its maker renews its lease, or a number of milliseconds. */
export const LEASE_LABEL = 'io.sandport.lease';

/** How often a lease is renewed. */
export const RENEWAL_MS = 15_000;

/** How long a lease holds that is not renewed. It outlasts two renewals that fail. */
export const LEASE_MS = 50_000;

const HELD = 'held';

/**
 * The lease of a container, as labels.
 *
 * @param lifetimeMs The longest that a container may be there that outlives its maker; `null` for one that does not.
 */
export function leaseLabels(lifetimeMs: number | null): Record<string, string> {
  return { [HOLDER_LABEL]: thisHolder(), [LEASE_LABEL]: lifetimeMs === null ? HELD : String(lifetimeMs) };
}

/** Milliseconds for which a container may outlive its maker; `null` when it may not. */
export function ownLifetimeMs(labels: Readonly<Record<string, string>>): number | null {
  const text = labels[LEASE_LABEL] ?? HELD;
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** How long after the first look the second one may be, for what is not certain: a living owner has renewed its lease meanwhile. */
export const SECOND_LOOK_MS = RENEWAL_MS + 5_000;
