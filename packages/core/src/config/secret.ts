import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A text that must not be shown. Printing, inspecting, interpolating or serialising it gives `[redacted]`; only
 * {@link Secret.reveal} gives the text, so that each use of it can be found.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Call it only where the text is handed to the far side. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
