import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { deferred, type Deferred } from '../deferred.ts';
import type { SupervisorTransport } from '../supervisor/supervisor-transport.ts';
import { GuestGoneError, type GuestExchange } from './guest-exchange.ts';
import { NO_ANSWER_IN_TIME, type RemoteFailure } from './remote-failure.ts';
import { isPassing as isPassingAnywhere, retrySafely } from './retry.ts';
import type { GuestAnswer } from './sealed-messages.ts';
import { TakenOverError } from '../supervisor/transport-ends.ts';

/** How long the supervisor may wait for something to say, where another exchange can be begun meanwhile, and where it cannot. */
const CONCURRENT_WAIT_MS = 5000;
const SINGLE_WAIT_MS = 400;

/** Bytes of ours in one exchange: one request. */
const SEND_BYTES = 8 * 1024 * 1024;

/** A request of no more is broken off and made again when there is something new to say. */
const SMALL_REQUEST_BYTES = 64 * 1024;

/** Bytes of ours that may wait here before whoever writes has to. */
const UNSENT_BYTES = 1024 * 1024;

/** Bytes of the supervisor's in one exchange; less when they do not arrive whole, since how much a service carries at once is not documented. */
const RECEIVE_BYTES = 1024 * 1024;
const LEAST_RECEIVE_BYTES = 4096;

/** How long exchanges may fail before the sandbox is given up. */
const ATTEMPTS = 6;

/** What a tunnel needs besides its exchanges. */
export interface GuestTunnelOptions {
  readonly exchange: GuestExchange;
  readonly isConcurrent: boolean;
  /** How often a sandbox is spoken to in which nothing happens, for services that would take it for abandoned. @default never */
  readonly keepAliveMs?: number | undefined;
  /** Which failures of an exchange may pass. @default {@link isPassing} of the kit */
  readonly isPassing?: (failure: RemoteFailure) => boolean;
  /** Takes the sandbox over from whichever connection has it. @default false */
  readonly takesOver?: boolean;
}

/**
 * Two streams of bytes to the supervisor of a sandbox, made of exchanges that carry positions: each of them may be cut, repeated or done twice, and every byte still arrives once. That is
 * what lets a program be started exactly once over calls that may each be repeated.
 */
export class GuestTunnel implements SupervisorTransport {
  readonly incoming: Readable;
  readonly outgoing: Writable;
  readonly #options: GuestTunnelOptions;
  readonly #closing = new AbortController();
  #unsent: Buffer = Buffer.alloc(0);
  #sentAt = 0;
  #received = 0;
  #receiveBytes = RECEIVE_BYTES;
  #isBusy = false;
  #isPumping = false;
  #wantsMore = true;
  #room: Deferred<void> | undefined;
  #waiting: AbortController | undefined;
  #keepAlive: NodeJS.Timeout | undefined;
  #taken: (() => void)[] = [];
  #heardAtMs = Date.now();
  readonly #name = randomBytes(8).toString('hex');

  constructor(options: GuestTunnelOptions) {
    this.#options = options;
    this.incoming = new Readable({
      read: () => {
        this.#wantsMore = true;
        this.#room?.resolve();
      },
      destroy: (error, callback) => {
        this.#close();
        callback(error);
      },
    });
    this.outgoing = new Writable({
      write: (chunk: Buffer, _encoding, callback) => this.#send(chunk, callback),
      destroy: (error, callback) => {
        this.#close();
        callback(error);
      },
    });
    this.#restKeepAlive();
  }

  /** When the supervisor was last heard of, in milliseconds since the epoch. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  unwrap(chunk: Buffer): Iterable<Buffer> {
    return [chunk];
  }

  lastWords(): string {
    return '';
  }

  /**
   * Makes sure that the supervisor is still there, and hears what it says of the sandbox.
   *
   * @throws RemoteFailure, GuestGoneError, TakenOverError, SandboxError.
   */
  async touch(signal?: AbortSignal): Promise<GuestAnswer> {
    const signals = signal === undefined ? [] : [signal];
    return this.#exchange({ waitMs: 0, maxBytes: this.#receiveBytes }, AbortSignal.any([...signals, this.#closing.signal]));
  }

  #send(chunk: Buffer, callback: () => void): void {
    this.#unsent = this.#unsent.length === 0 ? chunk : Buffer.concat([this.#unsent, chunk]);
    this.#isBusy = true;
    if (this.#unsent.length <= UNSENT_BYTES) callback();
    else this.#taken.push(callback);
    // What waits over there for something to say would keep this waiting.
    this.#waiting?.abort();
    this.#room?.resolve();
    this.#pump();
  }

  #pump(): void {
    if (this.#isPumping || this.#closing.signal.aborted) return;
    this.#isPumping = true;
    clearTimeout(this.#keepAlive);
    this.#pumpOn().then(
      () => {
        this.#isPumping = false;
        this.#restKeepAlive();
        // Something may have been sent while the last exchange ended.
        if (this.#unsent.length > 0) this.#pump();
      },
      (error: unknown) => {
        this.#isPumping = false;
        this.incoming.destroy(error instanceof Error ? error : new Error('the exchange with the sandbox failed', { cause: error }));
      },
    );
  }

  async #pumpOn(): Promise<void> {
    while (!this.#closing.signal.aborted && (this.#unsent.length > 0 || this.#isBusy)) {
      if (this.#unsent.length === 0 && !this.#wantsMore) {
        this.#room = deferred();
        await this.#room.promise;
        this.#room = undefined;
        continue;
      }
      // What is written in one go is sent in one exchange.
      await setImmediate();
      await this.#step();
    }
  }

  /** One exchange, which is broken off when there is something new to say. What it carried is then sent again: the supervisor knows it by its position. */
  async #step(): Promise<void> {
    const { isConcurrent } = this.#options;
    const isSmall = this.#unsent.length <= SMALL_REQUEST_BYTES;
    const waiting = new AbortController();
    if (isConcurrent && isSmall) this.#waiting = waiting;
    const waitMs = this.#wantsMore && isSmall ? (isConcurrent ? CONCURRENT_WAIT_MS : SINGLE_WAIT_MS) : 0;
    try {
      await this.#exchange(
        { waitMs, maxBytes: this.#wantsMore ? this.#receiveBytes : 0 },
        AbortSignal.any([waiting.signal, this.#closing.signal]),
      );
    } catch (error) {
      if (!waiting.signal.aborted && !this.#closing.signal.aborted) throw error;
    } finally {
      this.#waiting = undefined;
    }
  }

  async #exchange({ waitMs, maxBytes }: { readonly waitMs: number; readonly maxBytes: number }, signal: AbortSignal): Promise<GuestAnswer> {
    const { isPassing = isPassingAnywhere, takesOver = false, exchange } = this.#options;
    let limit = maxBytes;
    const last = await retrySafely(
      async () => {
        const data = this.#unsent.subarray(0, SEND_BYTES);
        const place = { connection: this.#name, takeover: takesOver };
        const answer = await exchange({ ...place, at: this.#sentAt, data, acked: this.#received, waitMs, maxBytes: limit }, signal);
        if (answer.takenOver === true) throw new TakenOverError();
        this.#heardAtMs = Date.now();
        this.#noteSent(answer.received);
        this.#noteReceived(answer.at, answer.data);
        this.#isBusy = answer.busy || answer.data.length >= limit;
        return answer;
      },
      {
        signal,
        attempts: ATTEMPTS,
        isWorth: (failure) => {
          const { kind, code } = failure.facts;
          // It may have been too much at once.
          if (kind === 'unreadable' || code === NO_ANSWER_IN_TIME)
            limit = Math.min(limit, Math.max(LEAST_RECEIVE_BYTES, Math.floor(limit / 4)));
          return kind === 'unreadable' || isPassing(failure);
        },
      },
    );
    // Whole answers of this size arrive.
    if (maxBytes > 0) this.#receiveBytes = Math.max(LEAST_RECEIVE_BYTES, limit);
    return last;
  }

  #noteSent(received: number): void {
    // An answer that was overtaken by another has nothing new to say.
    const news = Math.max(0, received - this.#sentAt);
    if (news > this.#unsent.length) throw new GuestGoneError('the supervisor speaks of what was never sent');
    this.#sentAt += news;
    this.#unsent = this.#unsent.subarray(news);
    if (this.#unsent.length > UNSENT_BYTES) return;
    for (const callback of this.#taken.splice(0)) callback();
  }

  #noteReceived(at: number, data: Buffer): void {
    if (at > this.#received) throw new GuestGoneError('something that the supervisor said is missing');
    const news = data.subarray(this.#received - at);
    if (news.length === 0) return;
    this.#received += news.length;
    this.#wantsMore = this.incoming.push(news);
  }

  #restKeepAlive(): void {
    clearTimeout(this.#keepAlive);
    const { keepAliveMs } = this.#options;
    if (this.#closing.signal.aborted || keepAliveMs === undefined) return;
    this.#keepAlive = setTimeout(() => {
      this.#isBusy = true;
      this.#pump();
    }, keepAliveMs);
    this.#keepAlive.unref();
  }

  #close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new Error('the tunnel was closed'));
    clearTimeout(this.#keepAlive);
    this.#room?.resolve();
    for (const callback of this.#taken.splice(0)) callback();
  }
}
