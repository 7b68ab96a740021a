import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { printableLine } from '../printable-text.ts';

/** Back to the beginning of the line, and what stands on it away. */
const CLEAR_LINE = '\r\u001b[2K';

/** Characters of a line where the terminal does not say, or says nothing of use. */
const DEFAULT_COLUMNS = 80;

/** Says on stderr how far long work has come: on a terminal on one line, which is written anew, elsewhere on a line for each thing that is said. */
export class ProgressLine implements Disposable {
  readonly #context: CliContext;
  readonly #isInPlace: boolean;
  #shown: string | undefined;

  constructor(context: CliContext) {
    this.#context = context;
    this.#isInPlace = context.stderr.isTTY === true && context.environment['TERM'] !== 'dumb';
  }

  /**
   * Says what is being done.
   *
   * @param detail what of it; told on a terminal only, where it takes no line of its own
   */
  show(text: string, detail = ''): void {
    const { stderr } = this.#context;
    const line = printableLine(this.#isInPlace && detail !== '' ? `${text}: ${detail}` : text);
    if (line === this.#shown) return;
    const colors = colorsFor(stderr, this.#context);
    this.#shown = line;
    if (!this.#isInPlace) return void stderr.write(`${colors.dim(line)}\n`);
    const { columns = 0 } = stderr;
    // A line that is wrapped could not be written anew.
    stderr.write(`${CLEAR_LINE}${colors.dim(line.slice(0, (columns > 1 ? columns : DEFAULT_COLUMNS) - 1))}`);
  }

  /** Takes the line away, so that something else can be said. */
  clear(): void {
    if (this.#isInPlace && this.#shown !== undefined) this.#context.stderr.write(CLEAR_LINE);
    if (this.#isInPlace) this.#shown = undefined;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
