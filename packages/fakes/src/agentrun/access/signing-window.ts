/** How far the time of a signature may be from the server's, either way. */
const SIGNING_WINDOW_MS = 15 * 60_000;

const datePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Milliseconds since the epoch of a signature's date; nothing when it is not written as one. */
export function parseSigningDate(text: string | undefined): number | undefined {
  if (text === undefined || !datePattern.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

export function isInWindow(timeMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - timeMs) <= SIGNING_WINDOW_MS;
}

/** Names that are not among the signed ones although they must be: the host, everything of the vendor's own, and what is asked for beside it. */
export function unsignedNames(headers: ReadonlyMap<string, string>, signedNames: readonly string[], required: readonly string[]): string[] {
  const own = [...headers.keys()].filter((name) => name.startsWith('x-acs-'));
  return [...new Set(['host', ...required, ...own])].filter((name) => !signedNames.includes(name));
}

/** Whether names stand in order and once, and each is a header that came. */
export function areProperNames(headers: ReadonlyMap<string, string>, signedNames: readonly string[]): boolean {
  const isOrdered = signedNames.every((name, index) => index === 0 || name > (signedNames[index - 1] ?? ''));
  return isOrdered && signedNames.every((name) => headers.has(name));
}
