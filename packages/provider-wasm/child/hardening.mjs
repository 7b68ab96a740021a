// @ts-check
/** Measures what was taken from this process besides the boundary. Only Linux tells; nothing is said of what cannot be measured. */
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * What the host is, to compare with.
 *
 * @typedef {object} HostFacts
 * @property {number} userId
 * @property {string} network name of its network namespace
 */

const NO_CAPABILITY = /^0+$/;

/** @param {HostFacts | null} host @returns {string[]} names of core's `HARDENING_MEASURES` */
export function measureHardening(host) {
  const measures = host === null ? [] : measureLinux(host);
  const { permission } = /** @type {{ permission?: { has: (scope: string) => boolean } }} */ (/** @type {unknown} */ (process));
  if (permission !== undefined && !permission.has('fs.write') && !permission.has('child')) measures.push('runtime-permissions');
  return measures;
}

/** @param {HostFacts} host */
function measureLinux({ userId, network }) {
  const status = new Map(
    readFileSync('/proc/self/status', 'utf8')
      .split('\n')
      .map((line) => /** @type {[string, string]} */ (line.split(/:\s*/, 2))),
  );
  const capabilities = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => status.get(name) ?? 'unknown');
  const userIds = (status.get('Uid') ?? '').split(/\s+/).map(Number);
  const measures = [];
  if (userIds.every((id) => id !== userId && id !== 0)) measures.push('user');
  if (capabilities.slice(0, 3).every((set) => NO_CAPABILITY.test(set))) measures.push('capabilities');
  if (status.get('NoNewPrivs') === '1') measures.push('no-new-privileges');
  if (readlinkSync('/proc/self/ns/net') !== network) measures.push('network-namespace');
  if (/^Max file size\s+0\s+0\s/m.test(readFileSync('/proc/self/limits', 'utf8'))) measures.push('resource-limits');
  return measures;
}
