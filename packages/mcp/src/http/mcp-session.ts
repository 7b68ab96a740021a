import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createCodeServer, type CodeServer } from '../code-server.ts';
import type { McpCodeOptions } from '../mcp-options.ts';

/** What a session is made of. */
export interface McpSessionOptions {
  readonly caller: string;
  readonly code: McpCodeOptions;
  readonly idleTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** It has begun: from now on requests name it. */
  readonly onBegin: (id: string) => void;
  /** It is idle, or its client ended it. */
  readonly onEnd: () => void;
}

/** A client over streamable HTTP, from its first request until it ends the session or is idle. */
export class McpSession {
  readonly caller: string;
  readonly #code: CodeServer;
  readonly #transport: StreamableHTTPServerTransport;
  readonly #options: McpSessionOptions;
  #idleTimer: NodeJS.Timeout | undefined;
  #openRequests = 0;

  constructor(options: McpSessionOptions) {
    this.caller = options.caller;
    this.#options = options;
    this.#code = createCodeServer(options.code);
    this.#transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: options.maxBodyBytes,
      onsessioninitialized: options.onBegin,
      onsessionclosed: options.onEnd,
    });
  }

  /** Its id; `undefined` until its client has begun it. */
  get id(): string | undefined {
    return this.#transport.sessionId;
  }

  /** Has its server listen to what its client sends. */
  async open(): Promise<void> {
    await this.#code.server.connect(this.#transport);
  }

  /** Answers a request of its client. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.#openRequests += 1;
    response.once('close', () => {
      this.#openRequests -= 1;
      if (this.#openRequests === 0) this.#watchIdleness();
    });
    await this.#transport.handleRequest(request, response);
  }

  /** @throws SandboxError what the provider throws. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await this.#code.close();
  }

  #watchIdleness(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(this.#options.onEnd, this.#options.idleTimeoutMs);
    this.#idleTimer.unref();
  }
}
