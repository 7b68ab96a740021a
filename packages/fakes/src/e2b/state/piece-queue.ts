/** From so many waiting bytes on, whoever makes them should wait; below so many, he may go on. */
const HIGH_BYTES = 1024 * 1024;
const LOW_BYTES = 256 * 1024;

/** What came of waiting for a piece: one, that nothing came for a while, or that nothing will. */
export type NextPiece<Piece> = { readonly piece: Piece } | 'idle' | 'closed';

/** Pieces on their way from a program to one reader, who may be slower. */
export class PieceQueue<Piece> {
  readonly #onPressure: (isHigh: boolean) => void;
  #waiting: { readonly piece: Piece; readonly bytes: number }[] = [];
  #bytes = 0;
  #isHigh = false;
  #isClosed = false;
  #wake: () => void = () => undefined;

  /** `onPressure` is told when the reader falls behind, and when he has caught up. */
  constructor(onPressure: (isHigh: boolean) => void) {
    this.#onPressure = onPressure;
  }

  get isHigh(): boolean {
    return this.#isHigh;
  }

  push(piece: Piece, bytes = 0): void {
    if (this.#isClosed) return;
    this.#waiting.push({ piece, bytes });
    this.#count(bytes);
    this.#wake();
  }

  /** Nothing follows. What waits can still be read. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Nobody reads any more: what waits is dropped, and whatever follows. */
  discard(): void {
    this.#waiting = [];
    this.#count(-this.#bytes);
    this.close();
  }

  /** The next piece, as soon as there is one; `idle` when none came within this time. */
  async next(idleMs: number): Promise<NextPiece<Piece>> {
    if (this.#waiting.length === 0 && !this.#isClosed) await this.#wait(idleMs);
    const first = this.#waiting.shift();
    if (first === undefined) return this.#isClosed ? 'closed' : 'idle';
    this.#count(-first.bytes);
    return { piece: first.piece };
  }

  #wait(idleMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(idleMs) ? setTimeout(resolve, idleMs) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    const isHigh = this.#bytes > (this.#isHigh ? LOW_BYTES : HIGH_BYTES);
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#onPressure(isHigh);
  }
}
