import type { Buffer } from 'node:buffer';
import type { Readable, Writable } from 'node:stream';
import type { SupervisorTransport } from '@sandport/provider-kit';
import type { ChildProcessHandle } from '../child/start-child.ts';

/** The pipes of a child process as the way to its supervisor. */
export class ChildStreams implements SupervisorTransport {
  readonly incoming: Readable;
  readonly outgoing: Writable;
  readonly #child: ChildProcessHandle;

  constructor(child: ChildProcessHandle) {
    this.#child = child;
    this.incoming = child.stdout;
    this.outgoing = child.stdin;
  }

  unwrap(chunk: Buffer): Iterable<Buffer> {
    return [chunk];
  }

  lastWords(): string {
    return this.#child.lastWords();
  }
}
