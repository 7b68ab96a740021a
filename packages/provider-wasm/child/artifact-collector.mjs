// @ts-check
/** What a program left in `artifacts/`, within the limits of its request, in the order and for the reasons of `provider-kit`'s `artifact_collector.py`. */
import { CHUNK_BYTES, FRAME } from './frames.mjs';
import { MemoryDirectory, MemoryFile } from './memory-entries.mjs';

/** @import { HostChannel } from './host-channel.mjs' */
/** @import { MemoryEntry } from './memory-entries.mjs' */

const MOST_SCANNED = 20_000;
const MOST_OMITTED = 1_000;
const LONGEST_PATH_BYTES = 512;
const REPLACEMENT = '\ufffd';

/**
 * @typedef {{ artifactCount: number, artifactBytes: number, artifactTotalBytes: number, artifactDepth: number }} ArtifactLimits
 * @typedef {{ path: string, file: MemoryFile } | { path: string, reason: string, sizeBytes: number | null }} Item
 */

/**
 * Sends the files and gives what was left behind.
 *
 * @param {MemoryEntry | undefined} folder
 * @param {ArtifactLimits} limits
 * @param {HostChannel} channel
 */
export function sendArtifacts(folder, limits, channel) {
  /** @type {{ path: string, reason: string, sizeBytes: number | null }[]} */
  const omitted = [];
  let count = 0;
  let totalBytes = 0;
  for (const item of scan(folder, limits)) {
    if ('reason' in item) {
      omitted.push(item);
      continue;
    }
    const { path, file } = item;
    const reason = reasonAgainst(file.size, { count, totalBytes }, limits);
    if (reason !== null) {
      omitted.push({ path, reason, sizeBytes: file.size });
      continue;
    }
    count += 1;
    totalBytes += file.size;
    channel.sendJson(FRAME.fileStart, { path, sizeBytes: file.size, failure: null });
    for (let at = 0; at < file.size; at += CHUNK_BYTES) channel.send(FRAME.fileData, file.content.subarray(at, at + CHUNK_BYTES));
  }
  return omitted.slice(0, MOST_OMITTED);
}

/** @param {number} size @param {{ count: number, totalBytes: number }} sent @param {ArtifactLimits} limits */
function reasonAgainst(size, { count, totalBytes }, limits) {
  if (size > limits.artifactBytes) return 'size-limit';
  if (count >= limits.artifactCount) return 'count-limit';
  return totalBytes + size > limits.artifactTotalBytes ? 'total-size-limit' : null;
}

/** @param {MemoryEntry | undefined} root @param {ArtifactLimits} limits @returns {Item[]} sorted by path */
function scan(root, { artifactDepth }) {
  if (root === undefined) return [];
  if (!(root instanceof MemoryDirectory)) return [omission('', 'not-a-regular-file')];
  /** @type {Item[]} */
  const items = [];
  /** @type {[string[], MemoryDirectory][]} */
  const pending = [[[], root]];
  let scanned = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [names, folder] = next;
    if (names.length >= artifactDepth && folder.entries.size > 0) {
      items.push(omission(names.join('/'), 'depth-limit'));
      continue;
    }
    for (const [name, entry] of folder.entries) {
      scanned += 1;
      if (scanned > MOST_SCANNED) return [...items, omission('', 'count-limit')].sort(byPath);
      const path = [...names, name].join('/');
      if (!isAllowed(path)) items.push(omission(shown(path), 'name-not-allowed'));
      else if (entry instanceof MemoryDirectory) pending.push([[...names, name], entry]);
      else if (entry instanceof MemoryFile) items.push({ path, file: entry });
      else items.push(omission(path, 'not-a-regular-file'));
    }
  }
  return items.sort(byPath);
}

/** @param {string} path @param {string} reason */
function omission(path, reason) {
  return { path, reason, sizeBytes: null };
}

/** By UTF-16 code units, as the contract says. @param {Item} left @param {Item} right */
function byPath(left, right) {
  if (left.path === right.path) return 0;
  return left.path < right.path ? -1 : 1;
}

/** Control characters and the backslash. */
const FORBIDDEN = /[\p{Cc}\\]/u;

/** As core's `describePathProblem`. @param {string} path */
function isAllowed(path) {
  return !FORBIDDEN.test(path) && !/^[A-Za-z]:/u.test(path) && Buffer.byteLength(path) <= LONGEST_PATH_BYTES;
}

/** The path with a replacement for everything that a result may not carry. @param {string} path */
function shown(path) {
  let text = path.replaceAll(new RegExp(FORBIDDEN, 'gu'), REPLACEMENT);
  if (text[1] === ':') text = REPLACEMENT + text.slice(1);
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_PATH_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, LONGEST_PATH_BYTES - 3)).replace(/\ufffd+$/u, '') + REPLACEMENT;
}
