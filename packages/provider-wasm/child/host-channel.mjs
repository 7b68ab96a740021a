// @ts-check
import { readSync, writeSync } from 'node:fs';

/**
 * A frame of the host.
 *
 * @typedef {object} HostFrame
 * @property {string} type
 * @property {Buffer} payload
 */

/** The host has gone, and with it the need for this process. */
export class HostGone extends Error {}

/** A type byte, the number of the connection, which is always the first here, and the length. */
const HOST_HEADER_BYTES = 6;
const HEADER_BYTES = 5;
/** Larger than any frame that the host sends: a job with 8 MiB of arguments, 1 MiB of code and JSON escapes. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
const READ_BYTES = 256 * 1024;
const RETRY_MS = 1;
const RETRY_CELL = new Int32Array(new SharedArrayBuffer(4));

/** Frames over stdin and stdout. Every call waits until it is done: there is nothing else for this process to do meanwhile. */
export class HostChannel {
  #arrived = Buffer.alloc(0);
  #readBuffer = Buffer.alloc(READ_BYTES);

  /** Waits for a frame. @returns {HostFrame} */
  receive() {
    for (;;) {
      const frame = this.#cut();
      if (frame !== undefined) return frame;
      const count = retried(() => readSync(0, this.#readBuffer, 0, READ_BYTES, null));
      if (count === 0) throw new HostGone('its stream ended');
      this.#arrived = Buffer.concat([this.#arrived, this.#readBuffer.subarray(0, count)]);
    }
  }

  /** @param {string} type @param {Uint8Array} payload */
  send(type, payload) {
    const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.byteLength);
    frame.write(type, 0, 'latin1');
    frame.writeUInt32BE(payload.byteLength, 1);
    frame.set(payload, HEADER_BYTES);
    for (let at = 0; at < frame.length;) at += retried(() => writeSync(1, frame, at));
  }

  /** @param {string} type @param {unknown} message */
  sendJson(type, message) {
    this.send(type, Buffer.from(JSON.stringify(message)));
  }

  #cut() {
    const bytes = this.#arrived;
    if (bytes.length < HOST_HEADER_BYTES) return undefined;
    const length = bytes.readUInt32BE(2);
    if (length > MAX_FRAME_BYTES) throw new Error(`The host sent a frame of ${length} bytes.`);
    const end = HOST_HEADER_BYTES + length;
    if (bytes.length < end) return undefined;
    this.#arrived = bytes.subarray(end);
    return { type: bytes.toString('latin1', 0, 1), payload: bytes.subarray(HOST_HEADER_BYTES, end) };
  }
}

/**
 * Pipes of other systems, and pipes that somebody has made non-blocking, may say that they are not ready.
 *
 * @param {() => number} transfer
 */
function retried(transfer) {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE' || code === 'ECONNRESET') throw new HostGone(`its stream is closed (${code})`);
      // Windows says so of a pipe whose other end is closed.
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(RETRY_CELL, 0, 0, RETRY_MS);
    }
  }
}
