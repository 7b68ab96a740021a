// @ts-check
/** The functions about the program itself: its arguments, clocks, random numbers, waiting, its end. */
import { timeOf } from './wasi-clock.mjs';
import { ERRNO, EVENT, refuse, WasiError } from './wasi-constants.mjs';
import { GuestExit } from './guest-exit.mjs';

/** @import { WasiContext, WasiFunctions } from './wasi-host.mjs' */

const RANDOM_CHUNK_BYTES = 65_536;
const CLOCK_RESOLUTION_NS = 1_000n;
const ABSOLUTE_TIME = 1;
/** More than any program waits for at once; what is asked for is kept here meanwhile. */
const MOST_SUBSCRIPTIONS = 4_096;
/** While a program sleeps, how often it is looked whether anybody still waits for it. */
const LONGEST_NAP_MS = 500;
const NAP_CELL = new Int32Array(new SharedArrayBuffer(4));

/** @param {WasiContext} host @returns {WasiFunctions} */
export function processFunctions(host) {
  const { args, environment } = host.parts;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return {
    args_sizes_get: (/** @type {number} */ count, /** @type {number} */ size) => writeListSizes(host, args, count, size),
    args_get: (/** @type {number} */ pointers, /** @type {number} */ texts) => writeList(host, args, pointers, texts),
    environ_sizes_get: (/** @type {number} */ count, /** @type {number} */ size) => writeListSizes(host, variables, count, size),
    environ_get: (/** @type {number} */ pointers, /** @type {number} */ texts) => writeList(host, variables, pointers, texts),
    clock_res_get: (/** @type {number} */ _clock, /** @type {number} */ result) => host.memory.setU64(result, CLOCK_RESOLUTION_NS),
    clock_time_get: (/** @type {number} */ clock, /** @type {bigint} */ _precision, /** @type {number} */ result) =>
      host.memory.setU64(result, timeOf(clock)),
    random_get: (/** @type {number} */ address, /** @type {number} */ size) => {
      const room = host.memory.bytes(address, size);
      for (let at = 0; at < size; at += RANDOM_CHUNK_BYTES) crypto.getRandomValues(room.subarray(at, at + RANDOM_CHUNK_BYTES));
    },
    sched_yield: () => undefined,
    proc_exit: (/** @type {number} */ exitCode) => {
      throw new GuestExit(exitCode & 0xff);
    },
    poll_oneoff: poll.bind(null, host),
  };
}

/** Waits for the earliest clock. Reading and writing never wait here: they do in their own calls. @param {WasiContext} host @param {number} subscriptions @param {number} events @param {number} count @param {number} result */
function poll(host, subscriptions, events, count, result) {
  if (count < 1 || count > MOST_SUBSCRIPTIONS) refuse(ERRNO.invalid);
  const all = Array.from({ length: count }, (_, index) => subscriptionAt(host, subscriptions + index * 48));
  const startedAt = performance.now();
  const isReady = all.some(({ kind }) => kind !== EVENT.clock);
  const waitMs = isReady ? 0 : Math.min(...all.map((each) => each.waitMs));
  for (let left = waitMs; left > 0; left = waitMs - (performance.now() - startedAt)) {
    Atomics.wait(NAP_CELL, 0, 0, Math.min(left, LONGEST_NAP_MS));
    host.parts.onNap();
  }
  const due = all.filter(({ kind, waitMs: own }) => (isReady ? kind !== EVENT.clock : own <= waitMs));
  for (const [index, { userData, kind, error }] of due.entries()) {
    const at = events + index * 32;
    host.memory.bytes(at, 32).fill(0);
    host.memory.setU64(at, userData);
    host.memory.setU16(at + 8, error);
    host.memory.setU8(at + 10, kind);
  }
  host.memory.setU32(result, due.length);
}

/** @param {WasiContext} host @param {number} at */
function subscriptionAt(host, at) {
  const userData = host.memory.u64(at);
  const kind = host.memory.u8(at + 8);
  if (kind !== EVENT.clock) return { userData, kind, waitMs: 0, error: errorOf(host, host.memory.u32(at + 16)) };
  const clock = host.memory.u32(at + 16);
  const timeoutNs = host.memory.u64(at + 24);
  const isAbsolute = (host.memory.u16(at + 40) & ABSOLUTE_TIME) !== 0;
  const waitNs = isAbsolute ? timeoutNs - timeOf(clock) : timeoutNs;
  return { userData, kind, waitMs: Math.max(0, Number(waitNs) / 1e6), error: ERRNO.success };
}

/** @param {WasiContext} host @param {number} fd */
function errorOf(host, fd) {
  try {
    host.parts.descriptors.get(fd);
    return ERRNO.success;
  } catch (error) {
    if (error instanceof WasiError) return error.errno;
    throw error;
  }
}

/** @param {WasiContext} host @param {readonly string[]} texts @param {number} count @param {number} size */
function writeListSizes(host, texts, count, size) {
  host.memory.setU32(count, texts.length);
  host.memory.setU32(
    size,
    texts.reduce((sum, text) => sum + host.utf8.encode(text).byteLength + 1, 0),
  );
}

/** @param {WasiContext} host @param {readonly string[]} texts @param {number} pointers @param {number} address */
function writeList(host, texts, pointers, address) {
  let at = address;
  for (const [index, text] of texts.entries()) {
    const bytes = host.utf8.encode(`${text}\0`);
    host.memory.setU32(pointers + index * 4, at);
    host.memory.bytes(at, bytes.byteLength).set(bytes);
    at += bytes.byteLength;
  }
}
