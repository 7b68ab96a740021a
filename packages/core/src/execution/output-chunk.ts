/** The two streams of a program. */
export type OutputStream = 'stdout' | 'stderr';

/** A piece of output. Its text never ends within a character. */
export interface OutputChunk {
  readonly stream: OutputStream;
  readonly text: string;
}

/** Receives output while the program runs. An exception of the listener ends the call and is thrown to the caller. */
export type OutputListener = (chunk: OutputChunk) => void;
