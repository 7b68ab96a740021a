// @ts-check
import path from 'node:path';
import { isAllowed } from '../check/licences.mjs';

/** @import { PackedFile, PackedPackage } from '../registry/tarball.mjs' */

/** The template of a package has tests for the package that is made of it. */
const TEMPLATES = /^template\//;
const TESTS = /(?:^|\/)tests?\/|\.(?:test|test-d)\.[cm]?[jt]sx?$|(?:^|\/)vitest\.config\./;
const PRIVATE_FILES = /(?:^|\/)(?:\.env(?:\..+)?|\.npmrc|id_[a-z0-9]+|[^/]+\.(?:pem|key|p12|sqlite))$/;

/** What is made of the code of others, and where that is said. */
const NOTICES = /** @type {const} */ ([
  ['bundle/index.js', 'bundle/THIRD-PARTY.txt'],
  ['dist/page/index.html', 'dist/page/THIRD-PARTY.txt'],
]);

const SECRETS = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{32}/],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a token of npm', /:_authToken\s*=\s*[^\s$]/],
  ['a token of GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})/],
  ['a key of AWS', /\bAKIA[0-9A-Z]{16}\b/],
  ['a key of Alibaba Cloud', /\bLTAI[A-Za-z0-9]{16,24}\b/],
  ['a key of E2B', /\be2b_[0-9a-f]{40}\b/],
];

/**
 * What is wrong with a packed package.
 *
 * @param {PackedPackage} packed
 * @param {{ version: string | undefined, siblings: readonly string[], localPaths: readonly string[] }} options `siblings` are the names of all packages of the release; `localPaths` are folders of
 *   this machine that nobody else shall read of
 * @returns {string[]} one sentence each
 */
export function findFlaws(packed, { version, siblings, localPaths }) {
  return [
    ...flawsOfManifest(packed, version, siblings),
    ...['LICENSE', 'README.md'].filter((name) => !hasFile(packed, name)).map((name) => `It has no ${name}.`),
    ...NOTICES.flatMap(([bundled, notices]) => (hasFile(packed, bundled) ? flawsOfNotices(packed, notices) : [])),
    ...packed.files.flatMap((file) => flawsOfFile(file, packed, localPaths).map((flaw) => `${file.path}: ${flaw}`)),
  ];
}

/**
 * @param {PackedPackage} packed
 * @param {string | undefined} version
 * @param {readonly string[]} siblings
 */
function flawsOfManifest({ manifest }, version, siblings) {
  const flaws = [];
  if (manifest.license !== 'Apache-2.0') flaws.push(`Its licence is ${JSON.stringify(manifest.license)}.`);
  if (manifest.version !== version) flaws.push(`Its version is ${manifest.version}, not ${version}.`);
  const scripts = Object.keys(manifest.scripts ?? {}).filter((name) => /^(?:pre|post)?install$/.test(name));
  if (scripts.length > 0) flaws.push(`It runs something when it is installed (${scripts.join()}).`);
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  for (const [name, range] of Object.entries({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    if (/^[a-z+]+:/.test(range) && !range.startsWith('npm:')) flaws.push(`It depends on ${name} as "${range}", which no registry has.`);
    else if (siblings.includes(name) && range !== `^${version}`) flaws.push(`It depends on ${name} as "${range}", not "^${version}".`);
  }
  return flaws;
}

/**
 * @param {PackedPackage} packed
 * @param {string} notices
 */
function flawsOfNotices({ files }, notices) {
  const text = files.find(({ path: file }) => file === notices)?.content.toString('utf8');
  if (text === undefined) return [`It has no ${notices} for what is bundled.`];
  const licences = [...text.matchAll(/^## (.+) - .+ \((.+)\)$/gm)];
  return licences
    .filter(([, , licence = '']) => !isAllowed(licence))
    .map(([, name, licence]) => `${notices}: ${name} has the licence "${licence}", which is not among those that are allowed.`);
}

/**
 * @param {PackedFile} file
 * @param {PackedPackage} packed
 * @param {readonly string[]} localPaths
 * @returns {string[]}
 */
function flawsOfFile(file, packed, localPaths) {
  const flaws = [];
  if (!['File', 'OldFile'].includes(file.type)) flaws.push(`is a ${file.type}.`);
  if (file.path.startsWith('/') || file.path.split('/').includes('..')) flaws.push('lies outside of the package.');
  if (TESTS.test(file.path) && !TEMPLATES.test(file.path)) flaws.push('is a test.');
  if (PRIVATE_FILES.test(file.path)) flaws.push('has the name of something private.');
  const text = file.content.toString('utf8');
  for (const [what, pattern] of SECRETS) if (/** @type {RegExp} */ (pattern).test(text)) flaws.push(`holds what looks like ${what}.`);
  if (localPaths.some((folder) => text.includes(folder))) flaws.push('names a folder of the machine that it was made on.');
  if (file.path.endsWith('.map')) flaws.push(...flawsOfMap(file, packed));
  return flaws;
}

/**
 * @param {PackedFile} file
 * @param {PackedPackage} packed
 */
function flawsOfMap(file, packed) {
  /** @type {{ sources?: (string | null)[], sourceRoot?: string, sourcesContent?: unknown[] }} */
  const { sources = [], sourceRoot = '', sourcesContent } = JSON.parse(file.content.toString('utf8'));
  return sources
    .map((source) => locate(path.posix.dirname(file.path), sourceRoot, source ?? ''))
    .filter((source) => path.posix.isAbsolute(source) || (sourcesContent === undefined && !hasFile(packed, source)))
    .map((source) => `leads to ${source}, which is not in the package.`);
}

/**
 * Below the folder of the package, where nobody wrote an absolute path.
 *
 * @param {...string} parts
 */
function locate(...parts) {
  const firstOwn = parts.findLastIndex((part) => path.posix.isAbsolute(part));
  return path.posix.join(...parts.slice(Math.max(firstOwn, 0)));
}

/**
 * @param {PackedPackage} packed
 * @param {string} name
 */
function hasFile({ files }, name) {
  return files.some((file) => file.path === name);
}
