import type { OutputChunk, OutputListener, OutputStream } from '@sandport/core';
import type { CliContext, TextOutput } from '../cli-context.ts';
import { printableText } from '../printable-text.ts';

/** Shows the program's output while it runs, each stream on the one of the same name. */
export class LiveOutput {
  readonly #outputs: Readonly<Record<OutputStream, TextOutput>>;
  #isLineOpen = false;

  constructor({ stdout, stderr }: CliContext) {
    this.#outputs = { stdout, stderr };
  }

  readonly listener: OutputListener = ({ stream, text }: OutputChunk) => {
    if (text === '') return;
    const output = this.#outputs[stream];
    const isTerminal = output.isTTY === true;
    // A pipe gets what the program wrote; a terminal must not obey it.
    output.write(isTerminal ? printableText(text) : text);
    if (isTerminal || stream === 'stderr') this.#isLineOpen = !text.endsWith('\n');
  };

  /** Lets what follows on stderr begin on a line of its own. */
  endLine(): void {
    if (this.#isLineOpen) this.#outputs.stderr.write('\n');
    this.#isLineOpen = false;
  }
}
