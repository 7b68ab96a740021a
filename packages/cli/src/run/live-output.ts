import { once } from 'node:events';
import type { OutputChunk, OutputListener, OutputStream } from '@sandport/core';
import type { CliContext, TextOutput } from '../cli-context.ts';
import { printableText } from '../printable-text.ts';

/** Shows the program's output while it runs. */
export class LiveOutput {
  readonly #outputs: Readonly<Record<OutputStream, TextOutput>>;
  readonly #signal: AbortSignal;
  #isLineOpen = false;

  /** @param target `same`: each stream on the one of the same name. `stderr`: both there, where stdout is for a document. */
  constructor({ stdout, stderr, signal }: CliContext, target: 'same' | 'stderr') {
    this.#outputs = target === 'same' ? { stdout, stderr } : { stdout: stderr, stderr };
    this.#signal = signal;
  }

  readonly listener: OutputListener = ({ stream, text }: OutputChunk) => {
    if (text === '') return;
    const output = this.#outputs[stream];
    const isTerminal = output.isTTY === true;
    // A pipe gets what the program wrote; a terminal must not obey it.
    const mayGoOn = output.write(isTerminal ? printableText(text) : text);
    if (isTerminal || output === this.#outputs.stderr) this.#isLineOpen = !text.endsWith('\n');
    // A slow reader slows the program, and costs no memory here.
    return mayGoOn ? undefined : this.#drained(output);
  };

  /** A reader that went away is told of by the stream's own error, which ends the command. */
  async #drained(output: TextOutput): Promise<void> {
    try {
      await once(output, 'drain', { signal: this.#signal });
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
  }

  /** Lets what follows on stderr begin on a line of its own. */
  endLine(): void {
    if (this.#isLineOpen) this.#outputs.stderr.write('\n');
    this.#isLineOpen = false;
  }
}
