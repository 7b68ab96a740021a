import type { AnswerStream } from '../http/answer.ts';
import { findE2bFault, type E2bFault } from './e2b-fault.ts';

/** What faults make of the body of an answer in pieces, on its way to the connection. */
export function spoilStream(stream: AnswerStream, faults: readonly E2bFault[]): AnswerStream {
  let spoiled = stream;
  const split = findE2bFault(faults, 'split-body');
  if (split !== undefined) spoiled = splitting(spoiled, split.pieceBytes ?? 1);
  const cut = findE2bFault(faults, 'stream-cut');
  if (cut !== undefined) spoiled = ending(spoiled, cut);
  if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'in-answer')) spoiled = halving(spoiled, 'reset');
  if (findE2bFault(faults, 'invalid-json') !== undefined) spoiled = halving(spoiled, 'clean-end');
  return findE2bFault(faults, 'silent') === undefined ? spoiled : silent(spoiled);
}

function splitting(stream: AnswerStream, pieceBytes: number): AnswerStream {
  return {
    gone: stream.gone,
    end: () => stream.end(),
    cut: () => stream.cut(),
    write: async (piece) => {
      for (let start = 0; start < piece.length; start += pieceBytes) await stream.write(piece.subarray(start, start + pieceBytes));
    },
  };
}

/** A stream that ends before its time. Whoever writes to it is told that nobody is there any more. */
class EndingStream implements AnswerStream {
  readonly gone: AbortSignal;
  readonly #stream: AnswerStream;
  readonly #as: 'reset' | 'clean-end';
  readonly #takePiece: (piece: Buffer) => Buffer;
  readonly #isFull: () => boolean;
  readonly #over = new AbortController();

  /** `takePiece` gives what passes of a piece, and `isFull` says whether that was the last. */
  constructor(stream: AnswerStream, as: 'reset' | 'clean-end', takePiece: (piece: Buffer) => Buffer, isFull: () => boolean) {
    this.#stream = stream;
    this.#as = as;
    this.#takePiece = takePiece;
    this.#isFull = isFull;
    this.gone = AbortSignal.any([stream.gone, this.#over.signal]);
  }

  async write(piece: Buffer): Promise<void> {
    if (this.gone.aborted) return;
    await this.#stream.write(this.#takePiece(piece));
    if (this.#isFull()) this.end();
  }

  end(): void {
    if (this.#over.signal.aborted) return;
    if (this.#as === 'reset') this.#stream.cut();
    else this.#stream.end();
    this.#over.abort();
  }

  cut(): void {
    this.#stream.cut();
  }
}

function ending(stream: AnswerStream, { as, afterBytes, afterMs }: Extract<E2bFault, { kind: 'stream-cut' }>): AnswerStream {
  let left = afterBytes ?? Number.POSITIVE_INFINITY;
  const take = (piece: Buffer): Buffer => {
    const passed = piece.subarray(0, left);
    left -= passed.length;
    return passed;
  };
  const made = new EndingStream(stream, as, take, () => left === 0);
  const timer = afterMs === undefined ? undefined : setTimeout(() => made.end(), afterMs);
  made.gone.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return made;
}

/** Ends behind half of the first piece. */
const halving = (stream: AnswerStream, as: 'reset' | 'clean-end'): AnswerStream =>
  new EndingStream(
    stream,
    as,
    (piece) => piece.subarray(0, Math.ceil(piece.length / 2)),
    () => true,
  );

/** Not one byte, and no end: the caller has to give up by himself. */
function silent(stream: AnswerStream): AnswerStream {
  return { gone: stream.gone, write: () => Promise.resolve(), end: () => undefined, cut: () => stream.cut() };
}
