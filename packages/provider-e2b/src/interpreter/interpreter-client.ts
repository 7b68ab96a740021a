import { codeText, parseRetryAfter, systemCodeOf, parseJson } from '@sandport/provider-kit';
import { Agent, ProxyAgent, request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { callWithin, type CallOptions } from '../http/call-within.ts';
import { E2bFailure } from '../http/e2b-failure.ts';
import type { ConnectedSandbox } from '../control/control-schemas.ts';
import { addressOf, INTERPRETER_PORT, routingHeaders } from '../sandbox/addresses.ts';
import type { E2bSettings } from '../settings/resolve-settings.ts';
import { readExecution } from './execution-stream.ts';

/** What came of code. */
export interface ExecutionOutcome {
  readonly stdout: string;
  /** Class of the error that ended it; `null` when none did. */
  readonly errorName: string | null;
}

const contextSchema = z.looseObject({ id: z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/) });

/** More than any answer of ours needs. */
const MOST_STDOUT_CHARACTERS = 16 * 1024 * 1024;
const MOST_BODY_BYTES = 1024 * 1024;

/**
 * The code interpreter of a sandbox, spoken to directly: what the SDK makes of the same stream cuts characters in two, reads long lines in quadratic time, takes an early end for a success, and knows no
 * signal and no proxy (measured).
 */
export class InterpreterClient {
  readonly #address: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #accessToken: Readonly<Record<string, string>>;
  readonly #dispatcher: Dispatcher;

  constructor(settings: E2bSettings, sandbox: ConnectedSandbox) {
    const place = { sandboxId: sandbox.sandboxID, domain: sandbox.domain };
    const { trafficAccessToken, envdAccessToken } = sandbox;
    this.#address = addressOf(settings, place, INTERPRETER_PORT);
    this.#headers = {
      ...routingHeaders(place, INTERPRETER_PORT),
      ...(typeof trafficAccessToken === 'string' ? { 'E2B-Traffic-Access-Token': trafficAccessToken } : {}),
    };
    this.#accessToken = typeof envdAccessToken === 'string' ? { 'X-Access-Token': envdAccessToken } : {};
    // Silence ends nothing: each call has a deadline of ours.
    const quiet = { bodyTimeout: 0, headersTimeout: 0 };
    this.#dispatcher = settings.proxy === undefined ? new Agent(quiet) : new ProxyAgent({ uri: settings.proxy.reveal(), ...quiet });
  }

  /** Whether the interpreter takes calls. */
  async isReady(options: CallOptions): Promise<boolean> {
    return callWithin('interpreter', 'CheckHealth', options, async (signal) => {
      const { statusCode, body } = await this.#send('CheckHealth', 'GET', '/health', undefined, signal);
      await discard(body);
      if (statusCode >= 200 && statusCode < 300) return true;
      // While it starts, the port is closed.
      if (statusCode === 502 || statusCode === 503) return false;
      throw new E2bFailure({ plane: 'interpreter', action: 'CheckHealth', kind: 'refused', status: statusCode });
    });
  }

  /** Makes an interpreter of its own, and gives its id. */
  async createContext(language: 'python', workingFolder: string, options: CallOptions): Promise<string> {
    return callWithin('interpreter', 'CreateContext', options, async (signal) => {
      const answer = await this.#post('CreateContext', '/contexts', { language, cwd: workingFolder }, signal);
      const parsed = contextSchema.safeParse(parseJson(await boundedText(wholeOf('CreateContext', answer.body, signal))));
      if (parsed.success) return parsed.data.id;
      throw new E2bFailure({ plane: 'interpreter', action: 'CreateContext', kind: 'unreadable', status: answer.statusCode });
    });
  }

  async removeContext(id: string, options: CallOptions): Promise<void> {
    await callWithin('interpreter', 'RemoveContext', options, async (signal) => {
      const { body } = await this.#send('RemoveContext', 'DELETE', `/contexts/${id}`, undefined, signal);
      await discard(body);
    });
  }

  /** Runs code in an interpreter, in the one that always exists when none is named. The interpreter goes on when this is withdrawn. */
  async execute(code: string, contextId: string | undefined, options: CallOptions): Promise<ExecutionOutcome> {
    return callWithin('interpreter', 'Execute', options, async (signal) => {
      const where = contextId === undefined ? { language: 'python' } : { context_id: contextId };
      const { body } = await this.#post('Execute', '/execute', { code, ...where }, signal);
      let [stdout, errorName]: [string, string | null] = ['', null];
      for await (const event of readExecution(wholeOf('Execute', body, signal))) {
        if (event.type === 'stdout') stdout += event.text;
        if (event.type === 'error') errorName = event.name;
        if (stdout.length > MOST_STDOUT_CHARACTERS) throw new E2bFailure({ plane: 'interpreter', action: 'Execute', kind: 'unreadable' });
      }
      return { stdout, errorName };
    });
  }

  close(): void {
    void this.#dispatcher.destroy().catch(() => undefined);
  }

  async #post(action: string, path: string, value: object, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const answer = await this.#send(action, 'POST', path, JSON.stringify(value), signal);
    const { statusCode, headers, body } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    await discard(body);
    const retryAfter = headers['retry-after'];
    throw new E2bFailure({
      plane: 'interpreter',
      action,
      kind: 'refused',
      status: statusCode,
      retryAfterMs: parseRetryAfter(typeof retryAfter === 'string' ? retryAfter : null, Date.now()),
    });
  }

  async #send(
    action: string,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    try {
      return await request(this.#address + path, {
        method,
        headers: {
          ...this.#headers,
          ...this.#accessToken,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
        signal,
        dispatcher: this.#dispatcher,
      });
    } catch (error) {
      throw signal.aborted ? error : unreachable(action, error);
    }
  }
}

/** The pieces of an answer. Where the connection breaks in the middle of it, the call has failed as if there had been none. */
async function* wholeOf(action: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    throw signal.aborted ? error : unreachable(action, error);
  }
}

/** What stands in it is of no use, nor whether it comes whole. */
async function discard(body: Dispatcher.ResponseData['body']): Promise<void> {
  await Promise.allSettled([body.dump()]);
}

function unreachable(action: string, error: unknown): E2bFailure {
  const code = systemCodeOf(error) ?? (error instanceof Error ? codeText(error.name) : undefined);
  return new E2bFailure({ plane: 'interpreter', action, kind: 'unreachable', code });
}

async function boundedText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new E2bFailure({ plane: 'interpreter', action: 'Execute', kind: 'unreadable' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
