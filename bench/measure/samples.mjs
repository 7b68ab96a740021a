// @ts-check
import { performance } from 'node:perf_hooks';

/**
 * Times of one thing that was measured several times, in milliseconds.
 *
 * @typedef {object} Summary
 * @property {string} what
 * @property {number} count
 * @property {number} p50Ms
 * @property {number} p95Ms
 * @property {number} p99Ms
 */

/**
 * @param {() => Promise<unknown>} action
 * @returns {Promise<number>} milliseconds
 */
export async function timed(action) {
  const began = performance.now();
  await action();
  return performance.now() - began;
}

/**
 * @param {string} what
 * @param {readonly number[]} samples
 * @returns {Summary}
 */
export function summarise(what, samples) {
  const sorted = samples.toSorted((left, right) => left - right);
  /** @param {number} share */
  const percentile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { what, count: samples.length, p50Ms: percentile(0.5), p95Ms: percentile(0.95), p99Ms: percentile(0.99) };
}
