// @ts-check

/** What the first view may transfer, compressed. */
export const limitBytes = 350_000;

/**
 * One answer that the browser got from the server.
 *
 * @typedef {{ kind: string, bytes: number }} Transfer `kind` as the browser calls it, `ahead` for what the next document will need; `bytes` of the body, as it went over the wire
 *
 * @typedef {{ view: string, transfers: readonly Transfer[] }} ViewTransfers
 */

/**
 * @param {readonly Transfer[]} transfers
 * @returns {number} all bytes
 */
export function totalBytes(transfers) {
  return transfers.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * @param {readonly Transfer[]} transfers
 * @returns {{ kind: string, count: number, bytes: number }[]} the heaviest first
 */
export function sumByKind(transfers) {
  /** @type {Map<string, { kind: string, count: number, bytes: number }>} */
  const sums = new Map();
  for (const { kind, bytes } of transfers) {
    const sum = sums.get(kind) ?? { kind, count: 0, bytes: 0 };
    sums.set(kind, { kind, count: sum.count + 1, bytes: sum.bytes + bytes });
  }
  return [...sums.values()].toSorted((left, right) => right.bytes - left.bytes);
}

/**
 * @param {ViewTransfers} view
 * @returns {string[]} lines for a reader
 */
export function describeTransfers({ view, transfers }) {
  const total = totalBytes(transfers);
  const verdict = total > limitBytes ? `MORE than ${inKilobytes(limitBytes)}` : `of ${inKilobytes(limitBytes)}`;
  return [
    `${view}: ${inKilobytes(total)} compressed, ${verdict}`,
    ...sumByKind(transfers).map(
      ({ kind, count, bytes }) => `  ${kind.padEnd(12)}${String(count).padStart(3)}  ${inKilobytes(bytes).padStart(9)}`,
    ),
  ];
}

/** @param {number} bytes */
function inKilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
