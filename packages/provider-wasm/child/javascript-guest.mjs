// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { DescriptorTable, FileDescriptor, StreamDescriptor } from './descriptors.mjs';
import { GATE_EXPORTS, PAGE_BYTES } from './memory-gate.mjs';
import { MemoryDirectory, MemoryFile, MemoryLink } from './memory-entries.mjs';
import { CallRefused, EVALUATE, QuickJs, Thrown } from './quickjs.mjs';
import { ERRNO, refuse, WasiError } from './wasi-constants.mjs';
import { GuestExit } from './guest-exit.mjs';
import { WasiHost } from './wasi-host.mjs';

/** @import { MemoryFileSystem } from './memory-file-system.mjs' */
/** @import { ProgramRun } from './program-run.mjs' */

/** In the order in which they need each other; those of provider-kit are CommonJS modules. */
const GUEST_FILES = [
  'javascript_shared.js',
  'javascript_value.cjs',
  'javascript_error.js',
  'javascript_timers.js',
  'javascript_inspect.js',
  'javascript_globals.js',
  'javascript_require.js',
  'javascript_runner.js',
];
const WORK_FOLDER = '/workspace';
const MAIN_MODULE = 'main.mjs';
const JOB_LENGTH_BYTES = 4;
const REPORT_HEADER_BYTES = 5;
const READ_BYTES = 65_536;
const LONGEST_NAP_MS = 500;
const NAP_CELL = new Int32Array(new SharedArrayBuffer(4));

/** What Node calls the refusals of a file system. */
const CODES = new Map([
  [ERRNO.notFound, 'ENOENT'],
  [ERRNO.exists, 'EEXIST'],
  [ERRNO.notDirectory, 'ENOTDIR'],
  [ERRNO.isDirectory, 'EISDIR'],
  [ERRNO.notEmpty, 'ENOTEMPTY'],
  [ERRNO.noSpace, 'ENOSPC'],
  [ERRNO.readOnly, 'EROFS'],
  [ERRNO.loop, 'ELOOP'],
  [ERRNO.invalid, 'EINVAL'],
  [ERRNO.nameTooLong, 'ENAMETOOLONG'],
]);

/**
 * Starts QuickJS until it can take its job, runs that, and comes back with the program.
 *
 * @param {object} parts
 * @param {WebAssembly.Module} parts.module
 * @param {MemoryFileSystem} parts.files
 * @param {ProgramRun} parts.run
 * @param {number} parts.memoryBytes
 * @param {readonly string[]} parts.guestFolders
 * @param {() => void} parts.onNap
 */
export function runJavaScript({ module, files, run, memoryBytes, guestFolders, onNap }) {
  const system = new WasiHost({ files, descriptors: streamsOf(run), args: [], environment: {}, onNap });
  /** @type {WebAssembly.Global | undefined} */
  let refusals;
  const mainModule = { text: '' };
  const modules = {
    resolve: resolveModule,
    load: (/** @type {string} */ name) =>
      name === MAIN_MODULE ? mainModule.text : name.startsWith('/') ? moduleText(files, name) : undefined,
  };
  const machine = new QuickJs(module, { system: system.imports, modules }, (exports) => {
    system.attach(/** @type {WebAssembly.Memory} */ (exports['memory']));
    refusals = /** @type {WebAssembly.Global} */ (exports[GATE_EXPORTS.refusals]);
    const limit = /** @type {WebAssembly.Global} */ (exports[GATE_EXPORTS.limitPages]);
    limit.value = Math.floor(memoryBytes / PAGE_BYTES);
  });
  /** @type {Uint8Array} */
  let job = new Uint8Array(0);
  const takeJob = () => Buffer.from(job.subarray(JOB_LENGTH_BYTES)).toString('utf8');
  machine.define(
    Object.fromEntries(
      Object.entries({ ...callsOf(machine, files, run, mainModule), takeJob }).map(([name, call]) => [
        `__sandport_host_${name}`,
        refusing(call),
      ]),
    ),
  );
  for (const name of GUEST_FILES) machine.evaluate(sourceOf(name, guestFolders), name, EVALUATE.script);
  machine.call('__sandport_warm_up__');
  job = run.takeJob();
  run.carryOut(
    () =>
      untilThrown(machine, run, () => {
        machine.call('__sandport_start__');
        for (;;) {
          machine.runJobs();
          const waitMs = machine.call('__sandport_turn__');
          if (machine.hasJobs) continue;
          if (typeof waitMs !== 'number') break;
          nap(waitMs, onNap);
        }
        machine.call('__sandport_finish__');
      }),
    () => Number(refusals?.value ?? 0),
  );
}

/** Which module is meant: a file of the work folder, or one that does not exist. @param {string} from @param {string} name */
function resolveModule(from, name) {
  if (!/^\.{0,2}\//.test(name)) return name;
  return posix.resolve(WORK_FOLDER, posix.dirname(from === MAIN_MODULE ? `${WORK_FOLDER}/${from}` : from), name);
}

/** What the runner itself could not catch, for lack of stack or memory, ends the program all the same. @param {QuickJs} machine @param {ProgramRun} run @param {() => void} act */
function untilThrown(machine, run, act) {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    run.writeOutput('stderr', new TextEncoder().encode(`${machine.takeThrown()}\n`));
    throw new GuestExit(1);
  }
}

/** @param {string} name @param {readonly string[]} folders */
function sourceOf(name, folders) {
  for (const folder of folders) {
    try {
      const text = readFileSync(join(folder, name), 'utf8');
      return name.endsWith('.cjs') ? `__sandport_shared__.define(${JSON.stringify(name)}, (module, require) => {${text}\n});` : text;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  throw new Error(`There is no ${name}.`);
}

/** @param {ProgramRun} run */
function streamsOf(run) {
  const descriptors = new DescriptorTable(3);
  descriptors.set(1, new StreamDescriptor({ write: (bytes) => run.writeOutput('stdout', bytes) }));
  descriptors.set(2, new StreamDescriptor({ write: (bytes) => run.writeOutput('stderr', bytes) }));
  return descriptors;
}

/** @param {number} waitMs @param {() => void} onNap */
function nap(waitMs, onNap) {
  const until = performance.now() + waitMs;
  for (let left = waitMs; left > 0; left = until - performance.now()) {
    Atomics.wait(NAP_CELL, 0, 0, Math.min(left, LONGEST_NAP_MS));
    onNap();
  }
}

/** What a file system refuses is an error of the program's, with Node's code. @param {(...args: any[]) => import('./quickjs.mjs').Plain} call */
function refusing(call) {
  return (/** @type {any[]} */ ...args) => {
    try {
      return call(...args);
    } catch (error) {
      if (!(error instanceof WasiError)) throw error;
      const code = CODES.get(/** @type {any} */ (error.errno)) ?? 'EIO';
      throw new CallRefused(`${code}: ${args.filter((each) => typeof each === 'string').join(' -> ')}`, code);
    }
  };
}

/**
 * @param {QuickJs} machine @param {MemoryFileSystem} files @param {ProgramRun} run @param {{ text: string }} mainModule
 * @returns {Record<string, (...args: any[]) => import('./quickjs.mjs').Plain>}
 */
function callsOf(machine, files, run, mainModule) {
  const utf8 = new TextEncoder();
  /** @param {number} stream @param {Uint8Array} bytes */
  const write = (stream, bytes) => run.writeOutput(stream === 1 ? 'stdout' : 'stderr', bytes);
  return {
    ...fileCalls(files),
    write: (/** @type {number} */ stream, /** @type {string} */ text) => write(stream, utf8.encode(text)),
    writeBytes: (/** @type {number} */ stream, /** @type {Uint8Array} */ bytes) => write(stream, bytes),
    read: (/** @type {number} */ maxBytes) => readUpTo(run, maxBytes),
    closeInput: () => run.closeInput(),
    report: (/** @type {string} */ kind, /** @type {string} */ payload) => {
      const bytes = utf8.encode(payload);
      const header = Buffer.alloc(REPORT_HEADER_BYTES);
      header.write(kind, 0, 'latin1');
      header.writeUInt32BE(bytes.byteLength, 1);
      run.writeReport(header);
      run.writeReport(bytes);
    },
    exit: (/** @type {number} */ exitCode) => {
      throw new GuestExit(Number.isInteger(exitCode) ? exitCode & 0xff : 0);
    },
    now: () => performance.now(),
    random: (/** @type {number} */ size) => crypto.getRandomValues(new Uint8Array(size)),
    randomUuid: () => crypto.randomUUID(),
    digest: (/** @type {string} */ algorithm, /** @type {Uint8Array} */ bytes) => digested(algorithm, bytes),
    readModule: (/** @type {string} */ path) => moduleText(files, path) ?? null,
    encode: (/** @type {string} */ text) => utf8.encode(text),
    decode: (/** @type {Uint8Array} */ bytes, /** @type {boolean} */ fatal) => decoded(bytes, fatal),
    byteLength: (/** @type {string} */ text) => Buffer.byteLength(text),
    parses: (/** @type {string} */ source, /** @type {boolean} */ isModule) => machine.parses(source, isModule),
    evaluate: (/** @type {string} */ source, /** @type {string} */ name) => machine.evaluate(source, name, EVALUATE.script),
    setModule: (/** @type {string} */ source) => {
      mainModule.text = source;
    },
  };
}

const DIGESTS = new Map([
  ['sha1', 'sha1'],
  ['sha256', 'sha256'],
  ['sha384', 'sha384'],
  ['sha512', 'sha512'],
]);

/** @param {string} algorithm @param {Uint8Array} bytes */
function digested(algorithm, bytes) {
  const known = DIGESTS.get(algorithm.toLowerCase().replace('-', ''));
  if (known === undefined) throw new CallRefused(`The digest "${algorithm.slice(0, 32)}" is none of SHA-1, SHA-256, SHA-384 and SHA-512.`);
  return new Uint8Array(createHash(known).update(bytes).digest());
}

/** The text of a file that is loaded as a module. @param {MemoryFileSystem} files @param {string} path */
function moduleText(files, path) {
  try {
    const entry = files.find(files.root, path);
    return entry instanceof MemoryFile ? new TextDecoder().decode(entry.content) : undefined;
  } catch (error) {
    if (error instanceof WasiError) return undefined;
    throw error;
  }
}

/** @param {ProgramRun} run @param {number} maxBytes */
function readUpTo(run, maxBytes) {
  const room = new Uint8Array(Math.min(Math.max(1, maxBytes), READ_BYTES));
  return room.slice(0, run.readInput(room));
}

/** @param {Uint8Array} bytes @param {boolean} fatal */
function decoded(bytes, fatal) {
  try {
    return new TextDecoder('utf-8', { fatal }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new CallRefused('The bytes are not UTF-8.', 'ERR_ENCODING_INVALID_ENCODED_DATA');
    throw error;
  }
}

/** @param {MemoryFileSystem} files */
function fileCalls(files) {
  const start = files.find(files.root, WORK_FOLDER);
  if (!(start instanceof MemoryDirectory)) throw new Error('There is no work folder.');
  /** @param {string} path @param {boolean} [followsLast] */
  const place = (path, followsLast = true) => files.locate(start, path, { followsLast });
  return {
    readFile: (/** @type {string} */ path) => {
      const entry = files.find(start, path);
      if (!(entry instanceof MemoryFile)) refuse(ERRNO.isDirectory);
      return entry.content;
    },
    writeFile: (/** @type {string} */ path, /** @type {Uint8Array} */ bytes, /** @type {boolean} */ appends) => {
      const found = place(path);
      const entry = found.entry ?? files.createFile(found);
      if (!(entry instanceof MemoryFile)) refuse(ERRNO.isDirectory);
      if (!appends) files.resize(entry, 0);
      new FileDescriptor(files, entry, 0).writeAt(entry.size, bytes);
      entry.openCount -= 1;
    },
    listFiles: (/** @type {string} */ path) => {
      const entry = files.find(start, path);
      if (!(entry instanceof MemoryDirectory)) refuse(ERRNO.notDirectory);
      return JSON.stringify([...entry.entries.keys()].sort());
    },
    statFile: (/** @type {string} */ path) => {
      const entry = files.find(start, path, { followsLast: false });
      const kind = entry instanceof MemoryDirectory ? 'folder' : entry instanceof MemoryLink ? 'link' : 'file';
      return JSON.stringify({
        kind,
        sizeBytes: entry instanceof MemoryFile ? entry.size : 0,
        modifiedMs: Number(entry.modifiedNs / 1_000_000n),
      });
    },
    makeFolder: (/** @type {string} */ path) => void files.createDirectory(place(path)),
    linkFile: (/** @type {string} */ target, /** @type {string} */ path) => files.createLink(place(path, false), target),
    removeFile: (/** @type {string} */ path) => {
      const found = place(path, false);
      if (found.entry instanceof MemoryDirectory) files.removeDirectory(found);
      else files.removeName(found);
    },
  };
}
