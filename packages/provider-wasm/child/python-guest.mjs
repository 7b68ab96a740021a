// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescriptorTable, DirectoryDescriptor, StreamDescriptor } from './descriptors.mjs';
import { GATE_EXPORTS, PAGE_BYTES } from './memory-gate.mjs';
import { WasiHost } from './wasi-host.mjs';

/** @import { MemoryFileSystem } from './memory-file-system.mjs' */
/** @import { ProgramRun } from './program-run.mjs' */

const GUEST_FOLDER = '/sandport/guest';
const ENVIRONMENT = { HOME: '/workspace', TMPDIR: '/tmp', LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' };

/**
 * Starts Python until it asks for its job, runs that, and comes back with the program.
 *
 * @param {object} parts
 * @param {WebAssembly.Module} parts.module
 * @param {MemoryFileSystem} parts.files
 * @param {ProgramRun} parts.run
 * @param {number} parts.memoryBytes
 * @param {number} parts.openFiles
 * @param {readonly string[]} parts.guestFolders whose Python files are what runs the program
 * @param {() => void} parts.onNap
 */
export function runPython({ module, files, run, memoryBytes, openFiles, guestFolders, onNap }) {
  for (const folder of guestFolders) {
    for (const name of readdirSync(folder))
      if (name.endsWith('.py')) files.install(`${GUEST_FOLDER}/${name}`, readFileSync(join(folder, name)));
  }
  installChannels(files, run);
  const descriptors = new DescriptorTable(openFiles);
  descriptors.set(0, new StreamDescriptor({ read: (room) => run.readInput(room), close: () => run.closeInput() }));
  descriptors.set(1, new StreamDescriptor({ write: (bytes) => run.writeOutput('stdout', bytes) }));
  descriptors.set(2, new StreamDescriptor({ write: (bytes) => run.writeOutput('stderr', bytes) }));
  descriptors.set(3, new DirectoryDescriptor(files.root, '/'));
  const args = ['python', '-I', '-X', 'utf8', `${GUEST_FOLDER}/wasi_runner.py`];
  const host = new WasiHost({ files, descriptors, args, environment: ENVIRONMENT, onNap });
  const { exports } = new WebAssembly.Instance(module, host.imports);
  host.attach(/** @type {WebAssembly.Memory} */ (exports['memory']));
  const limit = /** @type {WebAssembly.Global} */ (exports[GATE_EXPORTS.limitPages]);
  const refusals = /** @type {WebAssembly.Global} */ (exports[GATE_EXPORTS.refusals]);
  limit.value = Math.floor(memoryBytes / PAGE_BYTES);
  const start = /** @type {() => void} */ (exports['_start']);
  run.carryOut(start, () => refusals.value);
}

/** @param {MemoryFileSystem} files @param {ProgramRun} run */
function installChannels(files, run) {
  /** @type {Uint8Array | null} */
  let job = null;
  files.install('/sandport/job', () => ({
    read: (room) => {
      job ??= run.takeJob();
      const piece = job.subarray(0, room.byteLength);
      room.set(piece);
      job = job.subarray(piece.byteLength);
      return piece.byteLength;
    },
  }));
  files.install('/sandport/report', () => ({ write: (bytes) => run.writeReport(bytes) }));
}
