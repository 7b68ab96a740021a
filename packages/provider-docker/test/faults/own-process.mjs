// @ts-check
import { readdir } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MEBIBYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');

/**
 * What this process holds, after a collection of garbage.
 *
 * @typedef {{ rssMib: number, heapMib: number, externalMib: number, openFiles: number, resources: number }} Holdings
 */

/** @returns {Promise<Holdings>} */
export async function takeHoldings() {
  // Finalizers that the first collection has queued free more in the second.
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    rssMib: mebibytes(rss),
    heapMib: mebibytes(heapUsed),
    externalMib: mebibytes(external),
    openFiles: await openFiles(),
    resources: process.getActiveResourcesInfo().length,
  };
}

/**
 * Watches how far this process's memory grows while something runs.
 *
 * @param {() => Promise<void>} work
 * @returns {Promise<{ beforeMib: number, peakMib: number, growthMib: number }>}
 */
export async function watchMemory(work) {
  collectGarbage();
  const beforeMib = mebibytes(process.memoryUsage.rss());
  let peakMib = beforeMib;
  const timer = setInterval(() => (peakMib = Math.max(peakMib, mebibytes(process.memoryUsage.rss()))), 10);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return { beforeMib, peakMib, growthMib: Math.round((peakMib - beforeMib) * 10) / 10 };
}

async function openFiles() {
  try {
    return (await readdir('/proc/self/fd')).length;
  } catch (error) {
    // Other systems do not tell.
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return 0;
    throw error;
  }
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return Math.round((bytes / MEBIBYTE) * 10) / 10;
}
