import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
import { FRAME, FrameDecoder, FrameError, setEpoch, type Frame } from './frame-codec.ts';
import type { ProviderTerms } from '../provider-terms.ts';
import type { SupervisorTransport } from './supervisor-transport.ts';
import { TakenOverError } from './transport-ends.ts';

/** Receives what a supervisor says. */
export interface SupervisorListener {
  onFrame(frame: Frame): void;
  /** The connection is over; nothing follows. */
  onEnd(reason: ConnectionEnd): void;
}

/** Why a connection is over: it closed, or the other side broke the protocol. */
export interface ConnectionEnd {
  readonly error: Error | null;
  /** Another connection took the sandbox over. */
  readonly isTakenOver: boolean;
  /** We closed it ourselves. */
  readonly isClosedHere: boolean;
  /** Last words of the supervisor on its own stderr, for our logs and causes. The program cannot write there. */
  readonly lastWords: string;
}

/**
 * One connection to the supervisor of one instance. What arrives while nobody listens is kept, so that a listener may come late without missing
 * anything; what arrives while the connection is paused is left on its way, but for the little that was under way.
 */
export class SupervisorConnection {
  readonly terms: ProviderTerms;
  readonly #transport: SupervisorTransport;
  readonly #decoder = new FrameDecoder();
  readonly #endListeners = new Set<(end: ConnectionEnd) => void>();
  /** Which connection of the sandbox this is, as the supervisor says. */
  epoch = 0;
  #nonce: Buffer | undefined;
  #beforeNonce: Buffer = Buffer.alloc(0);
  #waiting: Frame[] = [];
  #listener: SupervisorListener | undefined;
  #isPaused = false;
  #unfinished: Promise<void> | undefined;
  #end: ConnectionEnd | undefined;

  /** @param takeover For an instance that another connection used: the token that it agreed on, and fresh random bytes that nothing else can contain. */
  constructor(terms: ProviderTerms, transport: SupervisorTransport, takeover?: { readonly token: Buffer; readonly nonce: Buffer }) {
    this.terms = terms;
    this.#transport = transport;
    const { incoming, outgoing } = transport;
    this.#nonce = takeover?.nonce;
    // An unused instance must not keep the process alive; a call that runs has a timer that does.
    for (const stream of [incoming, outgoing]) if (stream instanceof Socket) stream.unref();
    incoming.on('data', (chunk: Buffer) => this.#receive(chunk));
    incoming.once('end', () => this.#finish(null));
    incoming.once('close', () => this.#finish(null));
    incoming.on('error', (error: Error) => this.#finish(error, { isTakenOver: error instanceof TakenOverError }));
    // Whoever hears nothing any more may still have spoken: the end of what it said is the end.
    outgoing.on('error', () => undefined);
    if (takeover !== undefined) outgoing.write(Buffer.concat([takeover.token, takeover.nonce]));
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** Why it is over; nothing while it is not. */
  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  /** Calls once when the connection is over, whoever listens; at once when it is already. The returned function takes that back. */
  whenOver(call: (end: ConnectionEnd) => void): () => void {
    if (this.#end === undefined) this.#endListeners.add(call);
    else call(this.#end);
    return () => this.#endListeners.delete(call);
  }

  /** Hands everything that arrived, and arrives from now on, to this listener. */
  listen(listener: SupervisorListener): void {
    this.#listener = listener;
    this.#handOver();
    if (this.#end !== undefined && this.#waiting.length === 0) listener.onEnd(this.#end);
  }

  /** Stops handing over; what arrives is kept for the next listener. */
  release(): void {
    this.#listener = undefined;
  }

  /** Hands nothing over and reads nothing more, until {@link SupervisorConnection.resume}. */
  pause(): void {
    this.#isPaused = true;
    this.#transport.incoming.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#handOver();
    if (this.#isPaused) return;
    this.#transport.incoming.resume();
    if (this.#end !== undefined) this.#listener?.onEnd(this.#end);
  }

  /** Sends frames. `false` when the other side does not keep up; {@link SupervisorConnection.whenDrained} says when it does. */
  send(frames: readonly Uint8Array[]): boolean {
    if (this.#end !== undefined) return true;
    if (this.epoch !== 0) for (const frame of frames) setEpoch(frame, this.epoch);
    return this.#transport.outgoing.write(frames.length === 1 && frames[0] !== undefined ? frames[0] : Buffer.concat(frames));
  }

  /** Resolves when what was sent has been taken, or will never be. */
  async whenDrained(): Promise<void> {
    const { outgoing } = this.#transport;
    if (this.#end !== undefined || !outgoing.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        outgoing.off('drain', settle);
        this.#endListeners.delete(settle);
        resolve();
      };
      outgoing.on('drain', settle);
      this.whenOver(settle);
    });
  }

  /** An exchange that its caller may give up before the answer has come. The next one has to wait until it has. */
  noteUnfinished(answer: Promise<unknown>): void {
    const unfinished = answer.then(
      () => undefined,
      () => undefined,
    );
    this.#unfinished = unfinished;
    void unfinished.then(() => {
      if (this.#unfinished === unfinished) this.#unfinished = undefined;
    });
  }

  /** Settled when nothing that arrives belongs to an exchange that was given up. */
  get unfinished(): Promise<void> | undefined {
    return this.#unfinished;
  }

  /** Closes our end; unless the sandbox is one that outlives its connections, the supervisor and its instance follow. */
  close(): void {
    this.#finish(null, { isClosedHere: true });
    this.#destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const bytes of this.#transport.unwrap(chunk)) this.#take(bytes);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#finish(error);
      this.#destroy();
    }
  }

  #destroy(): void {
    this.#transport.incoming.destroy();
    this.#transport.outgoing.destroy();
  }

  #take(bytes: Buffer): void {
    const payload = this.#nonce === undefined ? bytes : this.#afterNonce(bytes, this.#nonce);
    for (const frame of this.#decoder.push(payload)) {
      if (frame.type === FRAME.takenOver) {
        this.#finish(null, { isTakenOver: true });
        this.#destroy();
        return;
      }
      this.#waiting.push(frame);
      this.#handOver();
    }
  }

  /** What comes before the nonce was meant for a former connection, and may begin in the middle of a frame. */
  #afterNonce(bytes: Buffer, nonce: Buffer): Buffer {
    const seen = Buffer.concat([this.#beforeNonce, bytes]);
    const at = seen.indexOf(nonce);
    if (at < 0) {
      this.#beforeNonce = seen.subarray(Math.max(0, seen.length - nonce.length));
      return Buffer.alloc(0);
    }
    this.#nonce = undefined;
    this.#beforeNonce = Buffer.alloc(0);
    return seen.subarray(at + nonce.length);
  }

  #handOver(): void {
    while (this.#listener !== undefined && !this.#isPaused) {
      const frame = this.#waiting.shift();
      if (frame === undefined) return;
      this.#listener.onFrame(frame);
    }
  }

  #finish(error: Error | null, { isTakenOver = false, isClosedHere = false } = {}): void {
    if (this.#end !== undefined) return;
    this.#end = { error, isTakenOver, isClosedHere, lastWords: this.#transport.lastWords() };
    for (const call of [...this.#endListeners]) call(this.#end);
    this.#endListeners.clear();
    if (!this.#isPaused) this.#listener?.onEnd(this.#end);
  }
}
