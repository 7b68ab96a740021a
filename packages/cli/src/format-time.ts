const LATEST_MS = 8.64e15;

/** A moment as a person reads it: `2026-01-31 12:30:00Z`. */
export function formatTime(epochMs: number): string {
  // A clock that was wrong may have written anything.
  if (Math.abs(epochMs) > LATEST_MS) return 'at no time that there is';
  return `${new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
