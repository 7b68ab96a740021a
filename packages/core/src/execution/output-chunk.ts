/** The two streams of a program. */
export type OutputStream = 'stdout' | 'stderr';

/** A piece of output. Its text never ends within a character. */
export interface OutputChunk {
  readonly stream: OutputStream;
  readonly text: string;
}

/**
 * Receives output while the program runs, in order. While a promise that it returned is pending, nothing more is read from the program: a slow
 * listener slows the program, or lets it run into its time limit, and costs no memory here. An exception, or a promise that is rejected, ends the
 * call and is thrown to the caller.
 */
export type OutputListener = (chunk: OutputChunk) => void | PromiseLike<void>;
