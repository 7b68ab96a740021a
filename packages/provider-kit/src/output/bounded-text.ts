/**
 * The text of one output stream, at most a number of bytes of it. Bytes that are not UTF-8 become U+FFFD; a cut at the limit drops
 * the character that it would split.
 */
export class BoundedText {
  readonly #limitBytes: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #pieces: string[] = [];
  #receivedBytes = 0;
  #truncated = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Whether more than the limit was offered. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /**
   * Takes bytes up to the limit.
   *
   * @returns The characters that these bytes completed; a character that is still open is given with its last byte.
   */
  append(bytes: Uint8Array): string {
    const room = this.#limitBytes - this.#receivedBytes;
    const kept = bytes.byteLength > room ? bytes.subarray(0, room) : bytes;
    this.#truncated ||= bytes.byteLength > room;
    this.#receivedBytes += kept.byteLength;
    const text = this.#decoder.decode(kept, { stream: true });
    if (text !== '') this.#pieces.push(text);
    return text;
  }

  /**
   * Ends the stream.
   *
   * @param cut The program was stopped by the limit, so that an open character at the end is not its doing.
   * @returns What is left: U+FFFD for a character that the program itself left open.
   */
  finish(cut: boolean): string {
    this.#truncated ||= cut;
    const rest = this.#decoder.decode();
    if (rest === '' || this.#truncated) return '';
    this.#pieces.push(rest);
    return rest;
  }

  /** Everything so far. */
  toString(): string {
    if (this.#pieces.length > 1) this.#pieces = [this.#pieces.join('')];
    return this.#pieces[0] ?? '';
  }
}
