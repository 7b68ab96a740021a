// @ts-check
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { list } from 'tar';

/**
 * A file of a package, as its tarball has it.
 *
 * @typedef {object} PackedFile
 * @property {string} path below the folder of the package
 * @property {string} type as tar calls it, for example `File` or `SymbolicLink`
 * @property {Buffer} content
 */

/**
 * A tarball that npm would accept.
 *
 * @typedef {object} PackedPackage
 * @property {string} tarball where it lies
 * @property {Buffer} bytes
 * @property {string} integrity as a lockfile has it: `sha512-` and the digest in base64
 * @property {string} shasum SHA-1 in hexadecimal, which old clients ask for
 * @property {import('./package-document.mjs').PackedManifest} manifest
 * @property {readonly PackedFile[]} files
 */

/**
 * Reads a packed package whole.
 *
 * @param {string} tarball
 * @returns {Promise<PackedPackage>}
 * @throws Error when there is no package in it
 */
export async function readPackedPackage(tarball) {
  const bytes = await readFile(tarball);
  /** @type {PackedFile[]} */
  const files = [];
  /** @type {Promise<unknown>[]} */
  const reading = [];
  await list({
    file: tarball,
    strict: true,
    onReadEntry: (entry) => {
      reading.push(entry.concat().then((content) => files.push({ path: entry.path.replace(/^package\//, ''), type: entry.type, content })));
    },
  });
  await Promise.all(reading);
  const manifest = files.find(({ path }) => path === 'package.json');
  if (manifest === undefined) throw new Error(`"${tarball}" holds no package.json`);
  return { tarball, bytes, ...digestsOf(bytes), manifest: JSON.parse(manifest.content.toString('utf8')), files };
}

/** @param {Buffer} bytes */
export function digestsOf(bytes) {
  return {
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
  };
}
