// @ts-check
/**
 * Makes one file of the built package in the current folder and of the libraries that are named, for its tarball: a program that imports it reads a file, not two hundred.
 * Usage, as the `prepack` script of a package: node ../../tools/setup/bundle-package.mjs LIBRARY…
 */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';

const folder = process.cwd();
const libraries = process.argv.slice(2);
const target = path.join(folder, 'bundle');

/** @param {string} specifier */
const isOutside = (specifier) =>
  !/^[./]/.test(specifier) && !libraries.some((name) => specifier === name || specifier.startsWith(`${name}/`));

const bundle = await rolldown({
  input: path.join(folder, 'dist', 'index.js'),
  platform: 'node',
  external: (specifier, importer) => importer !== undefined && isOutside(specifier),
});
const { output } = await bundle.generate({ format: 'esm' });
await bundle.close();
const [chunk, ...others] = output;
if (chunk === undefined || others.length > 0) throw new Error(`"${folder}" should become one file, not ${output.length}.`);

await mkdir(target, { recursive: true });
await replace('index.js', chunk.code);
// By another name, a package manager would take it for the licence of the package itself.
await replace('THIRD-PARTY.txt', (await Promise.all(libraries.map(licenceOf))).join('\n'));

/**
 * Packages may be packed twice at one time; neither reads half of what the other writes. A draft lies where nothing is packed, in case that nobody is left to move it.
 *
 * @param {string} name
 * @param {string} content
 */
async function replace(name, content) {
  const draft = path.join(folder, 'node_modules', `.bundle-${name}.${process.pid}`);
  await writeFile(draft, content);
  await rename(draft, path.join(target, name));
}

/** @param {string} library @returns {Promise<string>} */
async function licenceOf(library) {
  const home = path.join(folder, 'node_modules', library);
  const file = (await readdir(home)).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`"${library}" has no licence text to carry along.`);
  return `${library}\n\n${await readFile(path.join(home, file), 'utf8')}`;
}
