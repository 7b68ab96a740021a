import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createMcpHandler, type McpHandler, type McpHandlerOptions } from '../src/index.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A handler that listens on a port of this machine. */
export class ListeningHandler implements AsyncDisposable {
  readonly handler: McpHandler;
  readonly #server: ReturnType<typeof createServer>;

  constructor(options: McpHandlerOptions) {
    this.handler = createMcpHandler(options);
    this.#server = createServer((request, response) => void this.handler.handle(request, response));
  }

  static async start(options: McpHandlerOptions): Promise<ListeningHandler> {
    const listening = new ListeningHandler(options);
    await new Promise<void>((resolve) => {
      listening.#server.listen(0, '127.0.0.1', resolve);
    });
    return listening;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`);
  }

  /** A client that says who it is. */
  async connect(caller = 'alice'): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
    const transport = new StreamableHTTPClientTransport(this.url, { requestInit: { headers: { authorization: caller } } });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    return { client, transport };
  }

  /** A request that no client of ours would make. */
  send(method: string, headers: Record<string, string>, body = ''): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(this.url, {
        method,
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode, headers: response.headers, body: answer }), reject);
      });
      sent.end(body);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handler.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

/** The first message of a session. */
export const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});
