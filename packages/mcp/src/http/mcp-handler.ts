import type { IncomingMessage, ServerResponse } from 'node:http';
import { SandboxError } from '@sandport/core';
import { checkHandlerOptions, type CheckedHandlerOptions, type McpHandlerOptions } from './mcp-handler-options.ts';
import { McpSession } from './mcp-session.ts';

export type { McpHandlerOptions } from './mcp-handler-options.ts';

/** Answers requests of clients over streamable HTTP; made by {@link createMcpHandler}. */
export interface McpHandler {
  /** For `createServer` of `node:http`, or a route of another server that has not read the body. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends all sessions and refuses new ones. Idempotent; never rejects. The HTTP server stays its maker's to close. */
  close(): Promise<void>;
}

/**
 * Makes a handler. Each client has a session of its own, with its own tools, artifacts and kept state.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the option.
 */
export function createMcpHandler(options: McpHandlerOptions): McpHandler {
  return new SessionHandler(checkHandlerOptions(options));
}

class SessionHandler implements McpHandler {
  readonly #options: CheckedHandlerOptions;
  readonly #sessions = new Map<string, McpSession>();
  /** Those too whose client has not begun them yet. */
  readonly #open = new Set<McpSession>();
  #isClosed = false;

  constructor(options: CheckedHandlerOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#handle(request, response);
    } catch (error) {
      this.#warn(error);
      refuse(response, 500, 'INTERNAL', 'An unexpected fault of Sandport.');
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#open].map((session) => this.#end(session)));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authenticate } = this.#options;
    if (this.#isClosed) return refuse(response, 503, 'SANDBOX_CLOSED', 'The server is closing.');
    if (!this.#isFromAllowedPlace(request)) return refuse(response, 403, 'POLICY_VIOLATED', 'Host or origin is not allowed.');
    const caller = await authenticate(request);
    if (caller === undefined) return refuse(response, 401, 'AUTHENTICATION_FAILED', 'Say who you are.');
    const id = request.headers['mcp-session-id'];
    if (id === undefined) return this.#begin(caller, request, response);
    const session = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    // Whose it is, is nobody else's business.
    if (session === undefined || session.caller !== caller) return refuse(response, 404, 'SANDBOX_NOT_FOUND', 'There is no such session.');
    await session.handle(request, response);
  }

  /** A first request. What does not begin a session is refused by the transport, and leaves nothing behind. */
  async #begin(caller: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { session: optionsOf, idleTimeoutMs, maxBodyBytes, maxSessions, maxSessionsPerCaller } = this.#options;
    if (request.method !== 'POST') return refuse(response, 400, 'REQUEST_INVALID', 'A session is begun with POST.');
    if (this.#open.size >= maxSessions) return refuse(response, 503, 'CAPACITY_EXHAUSTED', 'There are too many sessions.');
    const own = [...this.#open].filter((one) => one.caller === caller).length;
    if (own >= maxSessionsPerCaller) return refuse(response, 429, 'QUOTA_EXCEEDED', 'You have too many sessions.');
    const session: McpSession = new McpSession({
      caller,
      code: optionsOf(caller),
      idleTimeoutMs,
      maxBodyBytes,
      onBegin: (id) => this.#sessions.set(id, session),
      onEnd: () => void this.#end(session),
    });
    this.#open.add(session);
    try {
      await session.open();
      await session.handle(request, response);
    } finally {
      if (session.id === undefined || this.#isClosed) await this.#end(session);
    }
  }

  async #end(session: McpSession): Promise<void> {
    if (session.id !== undefined) this.#sessions.delete(session.id);
    if (!this.#open.delete(session)) return;
    await session.close().catch((error: unknown) => this.#warn(error));
  }

  #isFromAllowedPlace({ headers }: IncomingMessage): boolean {
    const host = (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
    if (!this.#options.allowedHosts.includes(host)) return false;
    return headers.origin === undefined || this.#options.allowedOrigins.includes(headers.origin);
  }

  #warn(error: unknown): void {
    try {
      this.#options.onWarning(error);
    } catch (failure) {
      process.emitWarning(new SandboxError('INTERNAL', 'The listener for warnings failed.', { cause: failure }));
    }
  }
}

/** An error of the protocol, as the transport itself answers it. */
function refuse(response: ServerResponse, httpStatus: number, code: string, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message, data: { code } }, id: null });
  response.writeHead(httpStatus, { 'content-type': 'application/json', connection: 'close' }).end(body);
}
