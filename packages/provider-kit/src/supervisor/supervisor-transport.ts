import type { Buffer } from 'node:buffer';
import type { Readable, Writable } from 'node:stream';

/** The way to a supervisor and back: a stream in both directions, or one for each. */
export interface SupervisorTransport {
  /** What comes from there. */
  readonly incoming: Readable;
  /** What goes there. */
  readonly outgoing: Writable;
  /** Takes what came apart and gives what the supervisor said to us. Called with each chunk, in order. */
  unwrap(chunk: Buffer): Iterable<Buffer>;
  /** What the supervisor said on its own stderr, the end of it. */
  lastWords(): string;
}
