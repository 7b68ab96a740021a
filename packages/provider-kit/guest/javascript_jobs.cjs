'use strict';
// How jobs of a context lie in the job channel, one behind the other.

const LENGTH_BYTES = 4;

/** Stands in the place of a length, and nothing follows: the cell that runs is to end. */
const INTERRUPT = 0xffffffff;

/** Takes whole jobs and interrupts out of what arrives piece by piece. */
class JobReader {
  #pieces = [];
  #size = 0;

  push(piece) {
    this.#pieces.push(piece);
    this.#size += piece.length;
  }

  /** The next job as JSON text, or an interrupt; undefined while nothing is whole. */
  take() {
    if (this.#size < LENGTH_BYTES) return undefined;
    if (this.#pieces[0].length < LENGTH_BYTES) this.#join();
    const length = this.#pieces[0].readUInt32BE(0);
    if (length === INTERRUPT) {
      this.#drop(LENGTH_BYTES);
      return { isInterrupt: true };
    }
    const end = LENGTH_BYTES + length;
    if (this.#size < end) return undefined;
    this.#join();
    const text = this.#pieces[0].toString('utf8', LENGTH_BYTES, end);
    this.#drop(end);
    return { isInterrupt: false, text };
  }

  #drop(size) {
    this.#pieces[0] = this.#pieces[0].subarray(size);
    this.#size -= size;
  }

  #join() {
    if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
  }
}

module.exports = { JobReader };
