// @ts-check
import { WasmBinaryError } from './wasm-binary.mjs';

/** @import { WasmReader } from './wasm-binary.mjs' */

export const MEMORY_GROW = 0x40;

const BLOCKS = new Set([0x02, 0x03, 0x04]);
const ONE_NUMBER = new Set([
  ...[0x0c, 0x0d, 0x10, 0x12, 0xd0, 0xd2], // branches, calls, references
  ...[0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26], // variables and tables
  ...[0x3f, 0x40, 0x41, 0x42], // memory.size, memory.grow, constants
]);
const TWO_NUMBERS = new Set([0x11, 0x13]);
const BRANCH_TABLE = 0x0e;
const SELECT_TYPED = 0x1c;
const MISCELLANEOUS = 0xfc;
const VECTOR = 0xfd;
/** Numbers that follow the instructions of 0xfc: conversions, then bulk memory and tables. */
const MISCELLANEOUS_NUMBERS = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/**
 * Passes over one instruction and gives its code. What is not of WebAssembly 2.0 with tail calls is refused: what cannot be read cannot be held.
 *
 * @param {WasmReader} reader
 */
export function skipInstruction(reader) {
  const code = reader.byte();
  if (BLOCKS.has(code) || ONE_NUMBER.has(code)) reader.skipNumber();
  else if (TWO_NUMBERS.has(code) || (code >= 0x28 && code <= 0x3e)) skipNumbers(reader, 2);
  else if (code === 0x43) reader.skip(4);
  else if (code === 0x44) reader.skip(8);
  else if (code === BRANCH_TABLE) skipNumbers(reader, reader.unsigned() + 1);
  else if (code === SELECT_TYPED) reader.skip(reader.unsigned());
  else if (code === MISCELLANEOUS) skipNumbers(reader, MISCELLANEOUS_NUMBERS[reader.unsigned()] ?? unknown(code));
  else if (code === VECTOR) skipVector(reader);
  else if (!isPlain(code)) unknown(code);
  return code;
}

/** @param {WasmReader} reader */
function skipVector(reader) {
  const code = reader.unsigned();
  if (code <= 11 || code === 92 || code === 93) skipNumbers(reader, 2);
  else if (code === 12 || code === 13) reader.skip(16);
  else if (code >= 21 && code <= 34) reader.skip(1);
  else if (code >= 84 && code <= 91) {
    skipNumbers(reader, 2);
    reader.skip(1);
  } else if (code > 275) unknown(code);
}

/** @param {WasmReader} reader @param {number} count */
function skipNumbers(reader, count) {
  for (let index = 0; index < count; index += 1) reader.skipNumber();
}

/** Whether nothing follows the code. @param {number} code */
function isPlain(code) {
  return (
    code <= 0x01 || code === 0x05 || code === 0x0b || code === 0x0f || code === 0x1a || code === 0x1b || isNumeric(code) || code === 0xd1
  );
}

/** @param {number} code */
function isNumeric(code) {
  return code >= 0x45 && code <= 0xc4;
}

/**
 * @param {number} code
 * @returns {never}
 */
function unknown(code) {
  throw new WasmBinaryError(`instruction 0x${code.toString(16)} is not known`);
}
