// @ts-check
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

/**
 * V8 has no other door to the machine code of a module than these functions, which `--allow-natives-syntax` lets a script name.
 *
 * @param {string} text
 */
const native = (text) => new Script(text, { filename: 'native-functions.js' }).runInThisContext();

/**
 * The module of a binary: from V8's code where it was kept, and else compiled.
 *
 * @param {Buffer} binary
 * @param {string | null} cachePath
 * @returns {WebAssembly.Module}
 */
export function loadModule(binary, cachePath) {
  if (cachePath !== null) {
    const { buffer } = readFileSync(cachePath);
    // Undefined when the code is of another V8, or of one with other flags.
    const module = native('(code, binary) => %DeserializeWasmModule(code, binary)')(buffer, binary);
    if (module !== undefined) return module;
  }
  return new WebAssembly.Module(/** @type {Uint8Array<ArrayBuffer>} */ (binary));
}

/**
 * The machine code of what a module has run so far.
 *
 * @param {WebAssembly.Module} module
 * @returns {Uint8Array}
 */
export function codeOf(module) {
  return new Uint8Array(native('(module) => %SerializeWasmModule(module)')(module));
}
