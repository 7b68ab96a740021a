const MINUTE_MS = 60_000;

/** How long ago something was, as a person reads it: `3 days ago`. */
export function formatAge(ageMs: number): string {
  if (ageMs < 0) return 'in the future';
  if (ageMs < MINUTE_MS) return 'just now';
  if (ageMs < 60 * MINUTE_MS) return inUnits(ageMs / MINUTE_MS, 'minute');
  if (ageMs < 48 * 60 * MINUTE_MS) return inUnits(ageMs / (60 * MINUTE_MS), 'hour');
  return inUnits(ageMs / (24 * 60 * MINUTE_MS), 'day');
}

function inUnits(amount: number, unit: string): string {
  const count = Math.floor(amount);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
