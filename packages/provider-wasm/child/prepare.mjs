// @ts-check
/**
 * Makes of an interpreter's module what child processes load: checks that it is the right one, puts the memory gate in, compiles what a program of every kind needs, and
 * keeps V8's code of that. Usage: prepare.mjs SETTINGS, as JSON. Exit code 3: the module is not there or not the right one.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withMemoryGate } from './memory-gate.mjs';
import { codeOf, loadModule } from './module-cache.mjs';
import { train } from './training.mjs';

/**
 * @typedef {object} PrepareSettings
 * @property {'python' | 'javascript'} language
 * @property {string} modulePath
 * @property {string} sha256
 * @property {string} outputFolder
 * @property {readonly string[]} guestFolders
 */

const WRONG_MODULE = 3;

/** @type {PrepareSettings} */
const settings = JSON.parse(process.argv[2] ?? '');
const original = read(settings.modulePath);
if (original === undefined || createHash('sha256').update(original).digest('hex') !== settings.sha256) {
  process.stderr.write(original === undefined ? 'the file cannot be read' : 'the file has another SHA-256');
  process.exitCode = WRONG_MODULE;
} else {
  const binary = Buffer.from(withMemoryGate(original));
  const module = loadModule(binary, null);
  train({ ...settings, module });
  writeFileSync(join(settings.outputFolder, 'module.wasm'), binary, { mode: 0o644 });
  writeFileSync(join(settings.outputFolder, 'module.code'), codeOf(module), { mode: 0o644 });
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
