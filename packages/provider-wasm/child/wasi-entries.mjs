// @ts-check
/** What programs are told of files and folders, and how they name them. */
import { fileTypeOf } from './descriptors.mjs';
import { MemoryFile, MemoryLink } from './memory-entries.mjs';
import { timeOf } from './wasi-clock.mjs';
import { CLOCK, ERRNO, LOOKUP_FLAG, refuse, TIME_FLAG } from './wasi-constants.mjs';

/** @import { MemoryEntry } from './memory-entries.mjs' */
/** @import { WasiContext } from './wasi-host.mjs' */

/** @param {WasiContext} host @param {number} fd @param {number} path @param {number} size @param {boolean} [followsLast] */
export function placeOf(host, fd, path, size, followsLast = false) {
  const { files, descriptors } = host.parts;
  return files.locate(descriptors.directory(fd).directory, host.memory.text(path, size), { followsLast });
}

/** @param {WasiContext} host @param {number} fd @param {number} path @param {number} size @param {boolean} followsLast */
export function entryOf(host, fd, path, size, followsLast) {
  return placeOf(host, fd, path, size, followsLast).entry ?? refuse(ERRNO.notFound);
}

/** @param {WasiContext} host @param {number} result @param {MemoryEntry | null} entry @param {number} fileType */
export function writeStat(host, result, entry, fileType) {
  host.memory.bytes(result, 64).fill(0);
  host.memory.setU8(result + 16, fileType);
  if (entry === null) return;
  host.memory.setU64(result + 8, BigInt(entry.number));
  host.memory.setU64(result + 24, BigInt(entry.linkCount));
  host.memory.setU64(result + 32, BigInt(sizeOf(entry)));
  host.memory.setU64(result + 40, entry.accessedNs);
  host.memory.setU64(result + 48, entry.modifiedNs);
  host.memory.setU64(result + 56, entry.changedNs);
}

/** @param {MemoryEntry} entry @param {bigint} accessedNs @param {bigint} modifiedNs @param {number} flags */
export function setTimes(entry, accessedNs, modifiedNs, flags) {
  if (entry.isReadOnly) refuse(ERRNO.readOnly);
  const nowNs = timeOf(CLOCK.realtime);
  if ((flags & TIME_FLAG.accessed) !== 0) entry.accessedNs = accessedNs;
  if ((flags & TIME_FLAG.accessedNow) !== 0) entry.accessedNs = nowNs;
  if ((flags & TIME_FLAG.modified) !== 0) entry.modifiedNs = modifiedNs;
  if ((flags & TIME_FLAG.modifiedNow) !== 0) entry.modifiedNs = nowNs;
}

/** @param {MemoryEntry} entry */
function sizeOf(entry) {
  if (entry instanceof MemoryFile) return entry.size;
  return entry instanceof MemoryLink ? entry.target.length : 0;
}

/** @param {number} next @param {Uint8Array} name @param {MemoryEntry} entry */
export function directoryRecord(next, name, entry) {
  const record = new Uint8Array(24 + name.byteLength);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(next), true);
  view.setBigUint64(8, BigInt(entry.number), true);
  view.setUint32(16, name.byteLength, true);
  view.setUint8(20, fileTypeOf(entry));
  record.set(name, 24);
  return record;
}

/** @param {number} lookup */
export function follows(lookup) {
  return (lookup & LOOKUP_FLAG.followLinks) !== 0;
}

/** A 64-bit number of the program's, as a number of ours. @param {bigint} value */
export function safe(value) {
  const number = Number(BigInt.asUintN(64, value));
  return Number.isSafeInteger(number) ? number : refuse(ERRNO.tooBig);
}
