import { StringDecoder } from 'node:string_decoder';

/** Bytes of one stream that are kept of one execution. What comes after them is dropped. */
const MAX_STREAM_BYTES = 16 * 1024 * 1024;

/** A piece of output, as it came. */
export interface OutputPiece {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Keeps what a process writes, in the order in which it came. */
export class OutputRecorder {
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #counts = { stdout: 0, stderr: 0 };
  readonly pieces: OutputPiece[] = [];

  add(stream: OutputPiece['stream'], chunk: Buffer): void {
    const kept = chunk.subarray(0, Math.max(0, MAX_STREAM_BYTES - this.#counts[stream]));
    this.#counts[stream] += kept.length;
    this.#push(stream, this.#decoders[stream].write(kept));
  }

  /** What is kept, with the beginnings of characters that never ended. */
  finish(): readonly OutputPiece[] {
    for (const stream of ['stdout', 'stderr'] as const) this.#push(stream, this.#decoders[stream].end());
    return this.pieces;
  }

  text(stream: OutputPiece['stream']): string {
    return this.finish()
      .filter((piece) => piece.stream === stream)
      .map((piece) => piece.text)
      .join('');
  }

  #push(stream: OutputPiece['stream'], text: string): void {
    if (text !== '') this.pieces.push({ stream, text });
  }
}

/** Passes on what a process writes, as it comes, in whole characters. */
export class LiveOutput {
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #listener: (piece: OutputPiece) => void;

  constructor(listener: (piece: OutputPiece) => void) {
    this.#listener = listener;
  }

  add(stream: OutputPiece['stream'], chunk: Buffer): void {
    this.#pass(stream, this.#decoders[stream].write(chunk));
  }

  /** Passes on the beginnings of characters that never ended. Nothing was kept. */
  finish(): readonly OutputPiece[] {
    for (const stream of ['stdout', 'stderr'] as const) this.#pass(stream, this.#decoders[stream].end());
    return [];
  }

  #pass(stream: OutputPiece['stream'], text: string): void {
    if (text !== '') this.#listener({ stream, text });
  }
}
