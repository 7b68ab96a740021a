// @ts-check
import { readFile } from 'node:fs/promises';
import { codeOf } from './errors.mjs';

/**
 * @param {string} text the content of /etc/os-release: shell assignments, quoted or not
 * @returns {Record<string, string>}
 */
export function parseOsRelease(text) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of text.split('\n')) {
    const assignment = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (assignment === null) continue;
    const [, name = '', value = ''] = assignment;
    const quoted = /^(["'])(.*)\1$/.exec(value);
    fields[name] = quoted === null ? value : (quoted[2] ?? '').replace(/\\(["'$`\\])/g, '$1');
  }
  return fields;
}

/**
 * @param {Record<string, string>} osRelease
 * @returns {boolean} whether packages come from Debian's or Ubuntu's archive
 */
export function isDebianFamily({ ID: own = '', ID_LIKE: relatives = '' }) {
  const names = [own, ...relatives.split(/\s+/)];
  return names.includes('debian') || names.includes('ubuntu');
}

/**
 * The code name that the archive knows. A derivative has its own in VERSION_CODENAME and its parent's beside it.
 *
 * @param {Record<string, string>} osRelease
 * @returns {string | undefined}
 */
export function archiveCodename({ UBUNTU_CODENAME: ofUbuntu, DEBIAN_CODENAME: ofDebian, VERSION_CODENAME: own }) {
  return ofUbuntu ?? ofDebian ?? own;
}

/** @returns {Promise<Record<string, string>>} empty on systems that have no such file */
export async function readOsRelease() {
  try {
    return parseOsRelease(await readFile('/etc/os-release', 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw error;
  }
}
