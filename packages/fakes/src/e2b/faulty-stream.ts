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
    ...stream,
    write: async (piece) => {
      for (let start = 0; start < piece.length; start += pieceBytes) await stream.write(piece.subarray(start, start + pieceBytes));
    },
  };
}

/** Passes on what comes before the end that it makes itself, in its own way. */
function untilEnd(stream: AnswerStream, as: 'reset' | 'clean-end'): { readonly isOver: () => boolean; readonly finish: () => void } {
  let isOver = false;
  return {
    isOver: () => isOver,
    finish: () => {
      if (isOver) return;
      isOver = true;
      if (as === 'reset') stream.cut();
      else stream.end();
    },
  };
}

function ending(stream: AnswerStream, { as, afterBytes, afterMs }: Extract<E2bFault, { kind: 'stream-cut' }>): AnswerStream {
  const { isOver, finish } = untilEnd(stream, as);
  let left = afterBytes ?? Number.POSITIVE_INFINITY;
  const timer = afterMs === undefined ? undefined : setTimeout(finish, afterMs);
  stream.gone.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return {
    gone: stream.gone,
    write: async (piece) => {
      if (isOver()) return;
      const passed = piece.subarray(0, left);
      left -= passed.length;
      await stream.write(passed);
      if (left === 0) finish();
    },
    end: finish,
    cut: () => stream.cut(),
  };
}

function halving(stream: AnswerStream, as: 'reset' | 'clean-end'): AnswerStream {
  const { isOver, finish } = untilEnd(stream, as);
  return {
    gone: stream.gone,
    write: async (piece) => {
      if (isOver()) return;
      await stream.write(piece.subarray(0, Math.ceil(piece.length / 2)));
      finish();
    },
    end: finish,
    cut: () => stream.cut(),
  };
}

/** Not one byte, and no end: the caller has to give up by himself. */
function silent(stream: AnswerStream): AnswerStream {
  return { ...stream, write: () => Promise.resolve(), end: () => undefined };
}
