import { once } from 'node:events';
import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { MEDIA_TYPES } from '@sandport/executor-api';

/** A call, over a connection of its own that nothing else uses. */
export interface CallOptions {
  readonly method?: string;
  /** Sent as JSON; bytes as they are. */
  readonly body?: unknown;
  readonly accept?: 'lines' | 'serverSentEvents';
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that was read to its end. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Whether it came to its end, and was not broken off. */
  readonly isWhole: boolean;
}

/** One event of a stream. */
export interface ReadEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** Whoever calls an executor with a token. */
export class Caller {
  readonly address: string;
  readonly token: string;

  constructor({ address, token }: { readonly address: string; readonly token: string }) {
    this.address = address;
    this.token = token;
  }

  /** Sends a call; nothing of its answer is read yet. */
  send(path: string, { method, body, accept, headers = {} }: CallOptions = {}): ClientRequest {
    const isBytes = body instanceof Uint8Array;
    const sent = request(new URL(path, this.address), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      agent: false,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': isBytes ? MEDIA_TYPES.bytes : MEDIA_TYPES.json }),
        ...(accept === undefined ? {} : { accept: MEDIA_TYPES[accept] }),
        ...headers,
      },
    });
    // Who waits for the answer learns of it; who does not has no use for it.
    sent.on('error', () => undefined);
    sent.end(body === undefined ? undefined : isBytes ? body : JSON.stringify(body));
    return sent;
  }

  /** Sends a call and waits for the head of its answer. */
  async open(path: string, options?: CallOptions): Promise<OpenAnswer> {
    const sent = this.send(path, options);
    const [message] = (await once(sent, 'response')) as [IncomingMessage];
    return new OpenAnswer(sent, message);
  }

  /** Sends a call and reads its answer. */
  async call(path: string, options?: CallOptions): Promise<ReadAnswer> {
    return (await this.open(path, options)).read();
  }
}

/** An answer that is being read. */
export class OpenAnswer {
  readonly sent: ClientRequest;
  readonly message: IncomingMessage;
  #text = '';

  constructor(sent: ClientRequest, message: IncomingMessage) {
    this.sent = sent;
    this.message = message;
  }

  /** Reads until an event of this type came, which is given. */
  async until(type: string): Promise<ReadEvent> {
    for (;;) {
      const found = eventsOf(this.#text).find((event) => event.type === type);
      if (found !== undefined) return found;
      const piece = this.message.read() as Buffer | null;
      if (piece !== null) this.#text += piece.toString();
      else if (this.message.readableEnded || this.message.destroyed) throw new Error(`no "${type}" came: ${this.#text}`);
      else await Promise.race([once(this.message, 'readable'), once(this.message, 'close')]);
    }
  }

  /** Reads the rest. `pauseMs` after each piece makes a slow reader. */
  async read(pauseMs = 0): Promise<ReadAnswer> {
    try {
      for await (const piece of this.message as AsyncIterable<Buffer>) {
        this.#text += piece.toString();
        if (pauseMs > 0) await delay(pauseMs);
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
    const { statusCode = 0, headers, complete } = this.message;
    return { status: statusCode, headers, text: this.#text, isWhole: complete };
  }

  /** Goes away. */
  breakOff(): void {
    this.sent.destroy();
  }
}

/** The events of a stream, whichever way it is written. What is not whole yet is left out. */
export function eventsOf(text: string): ReadEvent[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^data: /, ''))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as ReadEvent);
}
