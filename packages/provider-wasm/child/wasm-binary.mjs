// @ts-check
/** Reads and writes the pieces that a WebAssembly binary is made of. */

/** Ids of the sections that matter here. */
export const SECTION = /** @type {const} */ ({ custom: 0, type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 });

const HEADER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** The bytes are no WebAssembly that is understood here. */
export class WasmBinaryError extends Error {}

/** Reads from front to back. */
export class WasmReader {
  at = 0;
  #bytes;
  #view;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isDone() {
    return this.at >= this.#bytes.byteLength;
  }

  byte() {
    if (this.isDone) throw new WasmBinaryError('the bytes end too early');
    const value = this.#view.getUint8(this.at);
    this.at += 1;
    return value;
  }

  /** An unsigned number of variable length. */
  unsigned() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new WasmBinaryError('a number is too long');
  }

  /** Passes over a number of variable length, signed or not. */
  skipNumber() {
    while (this.byte() >= 0x80);
  }

  /** @param {number} count */
  skip(count) {
    this.at += count;
  }

  /** @param {number} count */
  take(count) {
    if (this.at + count > this.#bytes.byteLength) throw new WasmBinaryError('the bytes end too early');
    const piece = this.#bytes.subarray(this.at, this.at + count);
    this.at += count;
    return piece;
  }

  rest() {
    return this.#bytes.subarray(this.at);
  }
}

/** @param {number} value */
export function unsigned(value) {
  const bytes = [];
  let rest = value;
  do {
    const more = rest >= 0x80;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest = Math.floor(rest / 0x80);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

/** @param {readonly (Uint8Array | readonly number[])[]} pieces */
export function joined(...pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** @param {string} text */
export function name(text) {
  const bytes = new TextEncoder().encode(text);
  return joined(unsigned(bytes.length), bytes);
}

/**
 * The sections of a binary, in order.
 *
 * @param {Uint8Array} binary
 * @returns {{ id: number, content: Uint8Array }[]}
 */
export function sectionsOf(binary) {
  if (HEADER.some((byte, index) => binary[index] !== byte)) throw new WasmBinaryError('the bytes are no WebAssembly module');
  const reader = new WasmReader(binary);
  reader.skip(HEADER.length);
  const sections = [];
  while (!reader.isDone) {
    const id = reader.byte();
    sections.push({ id, content: reader.take(reader.unsigned()) });
  }
  return sections;
}

/** @param {readonly { id: number, content: Uint8Array }[]} sections */
export function binaryOf(sections) {
  return joined(HEADER, ...sections.flatMap(({ id, content }) => [[id], unsigned(content.length), content]));
}
