import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secret } from '@sandport/core';
import { createCodeServer, createMcpHandler, type McpCodeOptions, type McpHandler } from '@sandport/mcp';
import type { CliContext } from '../cli-context.ts';
import { usageError } from '../usage-error.ts';
import { writeJson } from '../write-json.ts';
import { carriesToken, readAccessToken, TOKEN_VARIABLE } from './access-token.ts';
import { urlHost, type ListenAddress } from './listen-address.ts';
import { warn, type McpOptions } from './mcp-options.ts';

const PATH = '/mcp';
const MAX_SESSIONS = 100;
/** Also those that have sent nothing yet. */
const MAX_CONNECTIONS = 500;
const REQUEST_TIMEOUT_MS = 30_000;

/** Serves clients over streamable HTTP until the process is told to end. */
export async function serveHttp(context: CliContext, code: McpCodeOptions, options: McpOptions, address: ListenAddress): Promise<void> {
  const token = await readAccessToken(context, options.tokenFile);
  if (token === undefined && !address.isLoopback)
    throw usageError(
      `--http: ${address.host} is reached from other machines, and nothing says who may run code here.`,
      `Put a token into ${TOKEN_VARIABLE} or into the file of --token-file, or listen on 127.0.0.1.`,
    );
  // What is wrong with the options of a session is told now, and not to the first client.
  await createCodeServer(code).close();
  const handler = createHandler(context, code, options, address, token);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => route(handler, request, response));
  server.maxConnections = MAX_CONNECTIONS;
  try {
    const port = await listen(server, address);
    tell(context, options, `http://${urlHost(address.host)}:${port}${PATH}`, token !== undefined);
    await ended(context.signal);
  } finally {
    await handler.close();
    await close(server);
  }
}

function createHandler(
  context: CliContext,
  code: McpCodeOptions,
  { allowHost, allowOrigin }: McpOptions,
  { host }: ListenAddress,
  token: Secret | undefined,
): McpHandler {
  const caller = 'client';
  return createMcpHandler({
    session: () => code,
    authenticate: ({ headers }) => (token === undefined || carriesToken(headers.authorization, token) ? caller : undefined),
    // A page of another site that made its own name lead here is refused by the name.
    allowedHosts: ['localhost', '127.0.0.1', '[::1]', urlHost(host), ...allowHost],
    allowedOrigins: [...allowOrigin],
    maxSessions: MAX_SESSIONS,
    // All who have the token are one.
    maxSessionsPerCaller: MAX_SESSIONS,
    onWarning: (error) => warn(context, error),
  });
}

function route(handler: McpHandler, request: IncomingMessage, response: ServerResponse): void {
  const [path] = (request.url ?? '').split('?');
  if (path === PATH) void handler.handle(request, response);
  else response.writeHead(404, { 'content-type': 'text/plain', connection: 'close' }).end(`The protocol is spoken at ${PATH}.\n`);
}

async function listen(server: Server, { host, port }: ListenAddress): Promise<number> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw usageError(
      `--http: cannot listen on ${urlHost(host)}:${port}${reason}.`,
      'Choose a free port of an address of this machine.',
      error,
    );
  }
  return (server.address() as AddressInfo).port;
}

function tell({ stdout, stderr }: CliContext, { json }: McpOptions, url: string, needsToken: boolean): void {
  if (json === true) return writeJson(stdout, { url, needsToken });
  stderr.write(`Serving the Model Context Protocol at ${url}${needsToken ? ', to whoever has the token' : ''}. Ctrl-C ends it.\n`);
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** One that never came to listen is closed already. */
async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
