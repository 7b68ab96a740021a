// @ts-check
/** Runs a program that uses much of an interpreter, so that V8 compiles what programs need and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FRAME } from './frames.mjs';
import { runJavaScript } from './javascript-guest.mjs';
import { MemoryFileSystem } from './memory-file-system.mjs';
import { ProgramRun } from './program-run.mjs';
import { runPython } from './python-guest.mjs';
import { WorkFiles } from './work-files.mjs';

/** @import { HostChannel } from './host-channel.mjs' */

const PROGRAMS = { python: 'training.py', javascript: 'training.js' };
const MEBIBYTE = 1024 * 1024;
const LIMITS = {
  outputBytes: MEBIBYTE,
  valueBytes: MEBIBYTE,
  artifactCount: 10,
  artifactBytes: MEBIBYTE,
  artifactTotalBytes: MEBIBYTE,
  artifactDepth: 8,
  stdin: false,
};

/** @param {{ language: 'python' | 'javascript', module: WebAssembly.Module, guestFolders: readonly string[] }} settings */
export function train({ language, module, guestFolders }) {
  const folder = guestFolders[guestFolders.length - 1] ?? '';
  const code = readFileSync(join(folder, PROGRAMS[language]), 'utf8');
  const channel = new TrainingChannel(code);
  const files = new MemoryFileSystem(64 * MEBIBYTE);
  const workFolder = files.installWritable('/workspace');
  files.installWritable('/tmp');
  files.createDirectory({ parent: workFolder, name: 'artifacts', entry: undefined });
  const host = /** @type {HostChannel} */ (/** @type {unknown} */ (channel));
  const run = new ProgramRun({ channel: host, files, workFiles: new WorkFiles(files, workFolder, host), greet: () => undefined });
  const parts = { module, files, run, memoryBytes: 256 * MEBIBYTE, openFiles: 64, guestFolders, onNap: () => undefined };
  if (language === 'python') runPython(parts);
  else runJavaScript(parts);
  if (channel.exitCode !== 0) throw new Error(`The training ended with ${channel.exitCode}: ${channel.complaint}`);
}

/** Hands out one job, and hears whether it went well. */
class TrainingChannel {
  /** @type {number | null} */
  exitCode = null;
  complaint = '';
  #job;

  /** @param {string} code */
  constructor(code) {
    const header = Buffer.from(JSON.stringify(LIMITS));
    const job = Buffer.from(JSON.stringify({ code, arguments: {}, environment: {}, valueBytes: LIMITS.valueBytes }));
    this.#job = Buffer.concat([unsigned(header.length), header, unsigned(job.length), job]);
  }

  receive() {
    return { type: FRAME.job, payload: this.#job };
  }

  /** @param {string} type @param {Uint8Array} payload */
  send(type, payload) {
    if (type === FRAME.stderr) this.complaint += Buffer.from(payload).toString('utf8');
  }

  /** @param {string} type @param {{ exitCode?: number | null }} message */
  sendJson(type, message) {
    if (type === FRAME.exited) this.exitCode = message.exitCode ?? null;
  }
}

/** @param {number} value */
function unsigned(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
