/** What a fake answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The body of an answer that is sent in pieces. */
export interface AnswerStream {
  /** Fires when the connection has gone: the caller left, it was cut, or the server closes. */
  readonly gone: AbortSignal;
  /** Resolves when the piece is on its way, and also when nobody is there any more. */
  write(piece: Buffer): Promise<void>;
  /** Ends the body well. */
  end(): void;
  /** Resets the connection. */
  cut(): void;
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: Buffer.from(JSON.stringify(value)) };
}

export function emptyAnswer(status: number): Answer {
  return { status, headers: {}, body: Buffer.alloc(0) };
}
