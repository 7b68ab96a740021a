import { Buffer } from 'node:buffer';
import { MEDIA_TYPES, problemSchema } from '@sandport/executor-api';
import { callWithin, NO_ANSWER_IN_TIME, parseJson, parseRetryAfter, retrySafely, systemCodeOf, traceHeaders } from '@sandport/provider-kit';
import type { Agent } from 'undici';
import type { SelfManagedProviderConfig } from '../self-managed-provider-config.ts';
import { cancelledError, PROVIDER_ID } from '../self-managed-errors.ts';
import type { Endpoint } from './endpoint.ts';
import { CLIENT_CLOSED, ExecutorFailure, mayBeSentAgain, mayPass, type ExecutorFailureFacts } from './executor-failure.ts';

/** One request, and what it is for, as in "does not know how to …". */
export interface HttpRequest {
  readonly action: string;
  readonly endpoint: Endpoint;
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  /** Without the endpoint's own path. */
  readonly path: string;
  /** Media type that is wanted. @default JSON */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** With its media type. */
  readonly body?: { readonly type: string; readonly content: string | Uint8Array | AsyncIterable<Uint8Array> } | undefined;
}

/** A good answer, whose body is still to be read. Who does not want the rest of it aborts the request. */
export interface HttpAnswer {
  readonly status: number;
  /** Without parameters. */
  readonly mediaType: string;
  /** Whether an early end of the body would be noticed. */
  readonly hasKnownEnd: boolean;
  readonly body: AsyncIterable<Uint8Array>;
  /** Nobody wants the body. */
  readonly discard: () => void;
}

/** How a call with a short answer is carried out. */
export interface ShortCall {
  readonly signal?: AbortSignal | undefined;
  /** Whether it may be carried out twice. */
  readonly isSafe: boolean;
  /** @default that of the configuration */
  readonly timeoutMs?: number;
  /** Statuses that are answers like good ones. @default none */
  readonly alsoGood?: readonly number[];
}

/** Longest answer that is read as a whole. */
const SHORT_ANSWER_BYTES = 1024 * 1024;

/** Speaks HTTP with executors: no redirects, no proxies, and the token in its one header only. */
export class HttpClient {
  readonly #config: SelfManagedProviderConfig;
  #agent: Promise<Agent> | undefined;
  #isClosed = false;

  constructor(config: SelfManagedProviderConfig) {
    this.#config = config;
  }

  get requestTimeoutMs(): number {
    return this.#config.requestTimeoutMs;
  }

  /**
   * Sends a request and gives the answer when its head has come. The signal also ends the reading of its body, with its reason.
   *
   * @throws ExecutorFailure unless the status is a good one; the signal's reason.
   */
  async open(request: HttpRequest, signal: AbortSignal, alsoGood: readonly number[] = []): Promise<HttpAnswer> {
    const { endpoint, method, path, body } = request;
    const agent = await this.getAgent();
    signal.throwIfAborted();
    try {
      const answer = await agent.request({
        origin: endpoint.origin,
        path: `${endpoint.basePath}${path}`,
        method,
        headers: this.#headersOf(request),
        // Its types know of Node's streams only; every asynchronous iterable is taken.
        body: (body?.content ?? null) as string | Uint8Array | null,
        signal,
      });
      // Whoever reads it meets its errors there.
      answer.body.on('error', () => undefined);
      const { statusCode, headers } = answer;
      const isGood = (statusCode >= 200 && statusCode < 300) || alsoGood.includes(statusCode);
      const found = {
        status: statusCode,
        mediaType: mediaTypeOf(headers['content-type']),
        hasKnownEnd: headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined,
        body: answer.body,
        discard: () => void answer.body.destroy(),
      };
      if (isGood) return found;
      throw await this.#refusalOf(request, found, textOf(headers['retry-after']));
    } catch (error) {
      throw this.failureOf(request, error, signal);
    }
  }

  /**
   * Carries out a call whose answer is short, also again where that may help.
   *
   * @returns The JSON of its answer; nothing where it has no body.
   * @throws ExecutorFailure; SandboxError `CANCELLED` when the signal fired.
   */
  async call(request: HttpRequest, { signal, isSafe, timeoutMs = this.requestTimeoutMs, alsoGood }: ShortCall): Promise<unknown> {
    const { action, endpoint } = request;
    const once = (): Promise<unknown> =>
      callWithin(
        {
          signal,
          timeoutMs,
          providerId: PROVIDER_ID,
          operation: action,
          lateError: () => new ExecutorFailure({ action, host: endpoint.host, kind: 'unreachable', code: NO_ANSWER_IN_TIME }),
        },
        async (inTime) => {
          const answer = await this.open(request, inTime, alsoGood);
          return this.#jsonOf(request, answer, inTime);
        },
      );
    try {
      return await retrySafely(once, { signal, attempts: this.#config.maxRetries + 1, isWorth: isSafe ? mayPass : mayBeSentAgain });
    } catch (error) {
      throw signal?.aborted === true ? cancelledError(action, signal) : error;
    }
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const agent = await this.#agent;
    await agent?.destroy();
  }

  /** What a failure of the connection is; the signal's reason where it was that. */
  failureOf({ action, endpoint }: Pick<HttpRequest, 'action' | 'endpoint'>, error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof ExecutorFailure) return error;
    return new ExecutorFailure({ action, host: endpoint.host, kind: 'unreachable', code: systemCodeOf(error) });
  }

  #headersOf({ accept = MEDIA_TYPES.json, headers, body }: HttpRequest): Record<string, string> {
    const { token } = this.#config;
    return {
      accept: accept === MEDIA_TYPES.json ? accept : `${accept}, ${MEDIA_TYPES.problem}`,
      ...traceHeaders(),
      ...headers,
      ...(body === undefined ? {} : { 'content-type': body.type }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
    };
  }

  /**
   * The connections themselves, for a protocol of another kind. They end with {@link HttpClient.close}.
   *
   * @throws ExecutorFailure when that has been.
   */
  async getAgent(): Promise<Agent> {
    this.#agent ??= this.#createAgent();
    const agent = await this.#agent;
    if (this.#isClosed) throw new ExecutorFailure({ action: 'connect', host: 'this process', kind: 'unreachable', code: CLIENT_CLOSED });
    return agent;
  }

  /** The library takes a tenth of a second to load, which only who uses it shall wait for. */
  async #createAgent(): Promise<Agent> {
    const undici = await import('undici');
    const { tlsCa, tlsCert, tlsKey, requestTimeoutMs } = this.#config;
    return new undici.Agent({
      // Whoever makes a call keeps its time: an answer may stay open for as long as a sandbox lives.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: Math.min(10_000, requestTimeoutMs),
        ...(tlsCa === undefined ? {} : { ca: tlsCa }),
        ...(tlsCert === undefined || tlsKey === undefined ? {} : { cert: tlsCert, key: tlsKey.reveal() }),
      },
    });
  }

  async #jsonOf(request: HttpRequest, answer: HttpAnswer, signal: AbortSignal): Promise<unknown> {
    try {
      const text = await this.#textOf(request, answer);
      if (text === '') return undefined;
      if (isJson(answer.mediaType)) return parseJson(text);
    } catch (error) {
      throw this.failureOf(request, error, signal);
    }
    const { action, endpoint } = request;
    throw new ExecutorFailure({ action, host: endpoint.host, kind: 'unreadable', status: answer.status, code: 'NOT_JSON' });
  }

  async #textOf({ action, endpoint }: HttpRequest, answer: HttpAnswer): Promise<string> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of answer.body) {
      length += piece.byteLength;
      if (length > SHORT_ANSWER_BYTES) {
        throw new ExecutorFailure({ action, host: endpoint.host, kind: 'unreadable', status: answer.status, code: 'ANSWER_TOO_LONG' });
      }
      pieces.push(piece);
    }
    const text = Buffer.concat(pieces).toString('utf8');
    // Should the other side quote what it was sent, nobody here repeats it.
    const { token } = this.#config;
    return token === undefined ? text : text.replaceAll(token.reveal(), '[redacted]');
  }

  async #refusalOf(request: HttpRequest, answer: HttpAnswer, retryAfter: string | null): Promise<ExecutorFailure> {
    const { status, mediaType } = answer;
    const facts: ExecutorFailureFacts = { action: request.action, host: request.endpoint.host, kind: 'refused', status };
    const retryAfterMs = parseRetryAfter(retryAfter, Date.now());
    const waiting = retryAfterMs === undefined ? facts : { ...facts, retryAfterMs };
    if (status < 400 || !isJson(mediaType)) {
      // What is behind a redirect, or a page for people, is read by nobody here.
      answer.discard();
      return new ExecutorFailure(waiting);
    }
    const parsed = problemSchema.safeParse(parseJson(await this.#textOf(request, answer)));
    if (!parsed.success) return new ExecutorFailure(waiting);
    return new ExecutorFailure({ ...waiting, problem: parsed.data, retryAfterMs: parsed.data.retryAfterMs ?? retryAfterMs });
  }
}

function mediaTypeOf(header: string | string[] | undefined): string {
  return (textOf(header) ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function textOf(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

function isJson(mediaType: string): boolean {
  return mediaType === MEDIA_TYPES.json || mediaType === MEDIA_TYPES.problem;
}
