import { createServer } from 'node:http';
import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { createMcpHandler } from '@sandport/mcp';
import { wasmProvider } from '@sandport/provider-wasm';

const callers = new Map([[`Bearer ${process.env['ALICES_TOKEN'] ?? 'none'}`, 'alice']]);

const provider = createProvider(wasmProvider, {});
const handler = createMcpHandler({
  authenticate: ({ headers }) => callers.get(headers.authorization ?? ''),
  session: (caller) => ({ tool: { runner: runnerOfProvider(provider), tenant: caller } }),
});
export const server = createServer({ requestTimeout: 30_000 }, (request, response) => void handler.handle(request, response));
server.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1');

export async function stop(): Promise<void> {
  await handler.close();
  server.closeAllConnections();
  server.close();
  await provider.close();
}
