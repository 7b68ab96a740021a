// @ts-check
import { ERRNO, refuse } from './wasi-constants.mjs';

const INVALID_TEXT = 25;
const FAULT = 21;

/** The memory of a program, which may grow and move at any time. An address outside it is the program's mistake, and told as such. */
export class GuestMemory {
  /** @type {WebAssembly.Memory | null} */
  #memory = null;
  #view = new DataView(new ArrayBuffer(0));
  #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  /** @param {WebAssembly.Memory} memory */
  attach(memory) {
    this.#memory = memory;
  }

  /** @param {number} address @param {number} size */
  bytes(address, size) {
    const { buffer } = this.#current();
    const start = address >>> 0;
    const length = size >>> 0;
    if (start + length > buffer.byteLength) refuse(FAULT);
    return new Uint8Array(buffer, start, length);
  }

  /** @param {number} address @param {number} size */
  text(address, size) {
    const bytes = this.bytes(address, size);
    if (bytes.includes(0)) refuse(ERRNO.invalid);
    try {
      return this.#decoder.decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) return refuse(INVALID_TEXT);
      throw error;
    }
  }

  /** @param {number} address */
  u8(address) {
    return this.#at(address, 1).getUint8(address >>> 0);
  }

  /** @param {number} address */
  u16(address) {
    return this.#at(address, 2).getUint16(address >>> 0, true);
  }

  /** @param {number} address */
  u32(address) {
    return this.#at(address, 4).getUint32(address >>> 0, true);
  }

  /** @param {number} address */
  u64(address) {
    return this.#at(address, 8).getBigUint64(address >>> 0, true);
  }

  /** @param {number} address @param {number} value */
  setU8(address, value) {
    this.#at(address, 1).setUint8(address >>> 0, value);
  }

  /** @param {number} address @param {number} value */
  setU16(address, value) {
    this.#at(address, 2).setUint16(address >>> 0, value, true);
  }

  /** @param {number} address @param {number} value */
  setU32(address, value) {
    this.#at(address, 4).setUint32(address >>> 0, value, true);
  }

  /** @param {number} address @param {bigint} value */
  setU64(address, value) {
    this.#at(address, 8).setBigUint64(address >>> 0, value, true);
  }

  /** @param {number} address @param {number} size */
  #at(address, size) {
    const view = this.#current();
    if ((address >>> 0) + size > view.byteLength) refuse(FAULT);
    return view;
  }

  #current() {
    const buffer = this.#memory?.buffer ?? this.#view.buffer;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    return this.#view;
  }
}
