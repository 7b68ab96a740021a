// @ts-check
import { readFileSync } from 'node:fs';

/** @typedef {{ uid: number, gid: number }} User */

/**
 * Whom a server runs as: PostgreSQL refuses to be root, and nothing here needs to be.
 *
 * @param {readonly string[]} names in the order of preference
 * @returns {User | null} null to stay who we are
 */
export function unprivilegedUser(names) {
  if (process.getuid?.() !== 0) return null;
  const users = parseUsers(readFileSync('/etc/passwd', 'utf8'));
  for (const name of [...names, 'nobody']) {
    const user = users.get(name);
    if (user !== undefined && user.uid !== 0) return user;
  }
  throw new Error(`none of the users ${names.join(', ')} and nobody is in /etc/passwd`);
}

/**
 * @param {string} passwd the content of /etc/passwd
 * @returns {Map<string, User>}
 */
export function parseUsers(passwd) {
  /** @type {Map<string, User>} */
  const users = new Map();
  for (const line of passwd.split('\n')) {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    if (/^\d+$/.test(uid) && /^\d+$/.test(gid)) users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
