import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Secret } from '@sandport/core';
import { OTHER_ROUTES, ragflowRunAnswerSchema, type RagflowRunAnswer, type RagflowRunRequest } from '@sandport/executor-api';
import { NO_ANSWER_IN_TIME, parseJson, parseRetryAfter, RemoteFailure, systemCodeOf } from '@sandport/provider-kit';
import type { Dispatcher } from 'undici';
import { memberText } from './member-text.ts';

/** Ten artifacts of 10 MiB in base64, and as much again for output and value. */
const LARGEST_ANSWER_BYTES = 256 * 1024 * 1024;

/** Where the far end is, and how it is reached. */
export interface RagflowClientOptions {
  /** As RAGFlow's own field: without a path behind it, or with one that a gateway wants. */
  readonly endpoint: string;
  /** For a gateway before it: the executor manager itself asks for none. */
  readonly token?: Secret | undefined;
  /** Longest wait for an answer that no program has to end for, and for a connection. */
  readonly requestTimeoutMs: number;
  /** Closed by whoever made it. A function is asked with each call, so that it can make one when there is need. */
  readonly agent: Dispatcher | (() => Promise<Dispatcher>);
}

/** An answer, and the exact text of the value in it. */
export interface RunReply {
  readonly answer: RagflowRunAnswer;
  /** `null` where there is none. */
  readonly valueJson: string | null;
}

interface Exchange {
  readonly action: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Readable;
  readonly sizeBytes?: number;
  readonly signal: AbortSignal;
}

/** The two calls of RAGFlow's executor manager. Each is one exchange; nothing is repeated. Failures are {@link RemoteFailure}s. */
export class RagflowClient {
  readonly #options: RagflowClientOptions;

  constructor(options: RagflowClientOptions) {
    this.#options = options;
  }

  get requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs;
  }

  /** Whether it answers at all; it says that it is well whatever its state. */
  async checkHealth(signal: AbortSignal): Promise<void> {
    await this.#exchange({ action: 'check health', method: 'GET', path: OTHER_ROUTES.live, signal });
  }

  /**
   * Runs a program.
   *
   * @param onSending Called when there is a connection and the program is about to go over it: from then on it may run.
   */
  async run(program: RagflowRunRequest, onSending: () => void, signal: AbortSignal): Promise<RunReply> {
    const bytes = Buffer.from(JSON.stringify(program));
    // It is read when there is a connection, and not before.
    const body = Readable.from(announced(bytes, onSending), { objectMode: false });
    const exchange: Exchange = { action: 'run', method: 'POST', path: OTHER_ROUTES.ragflowRun, body, sizeBytes: bytes.byteLength, signal };
    const text = await this.#exchange(exchange);
    const parsed = ragflowRunAnswerSchema.safeParse(parseJson(text));
    if (!parsed.success) throw this.#failure({ action: exchange.action, kind: 'unreadable', status: 200 });
    return { answer: parsed.data, valueJson: memberText(text, ['result', 'value']) ?? null };
  }

  async #exchange(exchange: Exchange): Promise<string> {
    const { action } = exchange;
    let answer: { readonly status: number; readonly retryAfter: string | null; readonly text: string };
    try {
      answer = await this.#send(exchange);
    } catch (error) {
      if (error instanceof RemoteFailure) throw error;
      const code = systemCodeOf(error);
      const failure = this.#failure({ action, kind: 'unreachable', code: code === 'UND_ERR_CONNECT_TIMEOUT' ? NO_ANSWER_IN_TIME : code });
      failure.cause = error;
      throw failure;
    }
    const { status, retryAfter, text } = answer;
    if (status === 200) return text;
    throw this.#failure({ action, kind: 'refused', status, retryAfterMs: parseRetryAfter(retryAfter, Date.now()) });
  }

  async #send({
    action,
    method,
    path,
    body,
    sizeBytes,
    signal,
  }: Exchange): Promise<{ status: number; retryAfter: string | null; text: string }> {
    const { endpoint, token, agent } = this.#options;
    const { origin, pathname } = new URL(endpoint);
    const dispatcher = typeof agent === 'function' ? await agent() : agent;
    const response = await dispatcher.request({
      origin,
      path: `${pathname.replace(/\/+$/, '')}${path}`,
      method,
      signal,
      // How long an answer may take, our own timers say.
      headersTimeout: 0,
      bodyTimeout: 0,
      headers: {
        'user-agent': 'sandport',
        ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(sizeBytes) }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const { 'retry-after': retryAfter } = response.headers;
    const text = await readText(response.body, () => this.#failure({ action, kind: 'unreadable', status: response.statusCode }));
    return { status: response.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : null, text };
  }

  #failure(facts: RemoteFailure['facts']): RemoteFailure {
    return new RemoteFailure(facts, "RAGFlow's executor manager");
  }
}

async function* announced(bytes: Uint8Array, onSending: () => void): AsyncGenerator<Uint8Array, void, undefined> {
  onSending();
  yield bytes;
}

async function readText(body: AsyncIterable<Uint8Array>, tooLarge: () => Error): Promise<string> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > LARGEST_ANSWER_BYTES) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
