// @ts-check
/**
 * One process, one program: it boots an interpreter, waits for a job on stdin, runs it and says on stdout what was seen. It ends with its stdin.
 * Usage: main.mjs SETTINGS, as JSON.
 */
import { readFileSync } from 'node:fs';
import { FRAME, PROTOCOL_VERSION } from './frames.mjs';
import { measureHardening } from './hardening.mjs';
import { HostChannel, HostGone } from './host-channel.mjs';
import { runJavaScript } from './javascript-guest.mjs';
import { MemoryFileSystem } from './memory-file-system.mjs';
import { loadModule } from './module-cache.mjs';
import { ProgramRun } from './program-run.mjs';
import { runPython } from './python-guest.mjs';
import { WorkFiles } from './work-files.mjs';

/**
 * @typedef {object} ChildSettings
 * @property {'python' | 'javascript'} language
 * @property {string} modulePath
 * @property {string | null} cachePath
 * @property {readonly string[]} guestFolders
 * @property {number} memoryBytes
 * @property {number} diskBytes
 * @property {number} openFiles
 * @property {import('./hardening.mjs').HostFacts | null} host what this process is compared with; `null` where the system does not tell
 */

const parent = process.ppid;
/** @type {ChildSettings} */
const settings = JSON.parse(process.argv[2] ?? '');
const channel = new HostChannel();
const files = new MemoryFileSystem(settings.diskBytes);
const workFolder = files.installWritable('/workspace');
files.installWritable('/tmp');
files.createDirectory({ parent: workFolder, name: 'artifacts', entry: undefined });
const workFiles = new WorkFiles(files, workFolder, channel);
const run = new ProgramRun({ channel, files, workFiles, greet });
try {
  const module = loadModule(readFileSync(settings.modulePath), settings.cachePath);
  const parts = { ...settings, module, files, run, onNap };
  if (settings.language === 'python') runPython(parts);
  else runJavaScript(parts);
  run.serveFiles();
} catch (error) {
  if (!(error instanceof HostGone)) throw error;
  process.stderr.write(`The host has gone: ${error.message}.\n`);
}

function greet() {
  channel.sendJson(FRAME.hello, {
    protocol: PROTOCOL_VERSION,
    epoch: 0,
    language: settings.language,
    isolation: { kind: 'wasm', measuredBy: 'module-imports', hardening: measureHardening(settings.host) },
    preloaded: null,
    remainingMs: null,
  });
}

/** A program that sleeps does not hear that nobody waits for it any more. */
function onNap() {
  if (process.ppid !== parent) throw new HostGone('the process has another parent');
}
