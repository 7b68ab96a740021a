// @ts-check
/**
 * The functions that a program of WASI preview 1 calls, and all that it can reach: numbers and bytes of its own memory go in and out, and nothing of
 * this process does.
 */
import { GuestMemory } from './guest-memory.mjs';
import { ERRNO, WasiError } from './wasi-constants.mjs';
import { descriptorFunctions } from './wasi-descriptors.mjs';
import { pathFunctions } from './wasi-paths.mjs';
import { processFunctions } from './wasi-process.mjs';
import { transferFunctions } from './wasi-transfer.mjs';

/** @import { DescriptorTable } from './descriptors.mjs' */
/** @import { MemoryFileSystem } from './memory-file-system.mjs' */

/**
 * What the functions work on.
 *
 * @typedef {object} HostParts
 * @property {MemoryFileSystem} files
 * @property {DescriptorTable} descriptors
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} environment
 * @property {() => void} onNap called again and again while the program sleeps; it may throw
 */

/**
 * @typedef {object} WasiContext what every function gets
 * @property {HostParts} parts
 * @property {GuestMemory} memory
 * @property {TextEncoder} utf8
 *
 * @typedef {Record<string, (...args: any[]) => number | void>} WasiFunctions
 */

export class WasiHost {
  /** @type {WasiContext} */
  #context;

  /** @param {HostParts} parts */
  constructor(parts) {
    this.#context = { parts, memory: new GuestMemory(), utf8: new TextEncoder() };
  }

  /** The memory of the program, once there is one. @param {WebAssembly.Memory} memory */
  attach(memory) {
    this.#context.memory.attach(memory);
  }

  /** What a module of WASI preview 1 imports. What is refused is told to the program by its number; what is ours passes through. */
  get imports() {
    /** @type {Record<string, (...args: any[]) => number>} */
    const functions = {};
    for (const [name, call] of Object.entries(functionsOf(this.#context))) {
      functions[name] = (...args) => {
        try {
          return call(...args) ?? ERRNO.success;
        } catch (error) {
          if (error instanceof WasiError) return error.errno;
          throw error;
        }
      };
    }
    return { wasi_snapshot_preview1: functions };
  }
}

/** @param {WasiContext} host @returns {WasiFunctions} */
function functionsOf(host) {
  return {
    ...processFunctions(host),
    ...descriptorFunctions(host),
    ...transferFunctions(host),
    ...pathFunctions(host),
    ...unsupportedFunctions(),
  };
}

/** Network and signals: there are none. @returns {WasiFunctions} */
function unsupportedFunctions() {
  const unsupported = () => ERRNO.noSystemCall;
  return {
    proc_raise: unsupported,
    sock_accept: unsupported,
    sock_recv: unsupported,
    sock_send: unsupported,
    sock_shutdown: unsupported,
  };
}
