// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createCodeTool, runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { createMcpHandler } from '@sandport/mcp';
import { instantProvider } from '../measure/instant-provider.mjs';
import { compare } from '../measure/report.mjs';
import { summarise, timed } from '../measure/samples.mjs';

/** @import { Row } from '../measure/report.mjs' */
/** @import { Summary } from '../measure/samples.mjs' */

const STDIO_PROGRAM = fileURLToPath(new URL('../measure/mcp-stdio-program.mjs', import.meta.url));
const CALLS = 1_000;
/** They are the compiler's. */
const FIRST_CALLS = 200;
/** Without a language: the provider has one only. */
const INPUT = { code: 'def main(name):\n    return f"Hello {name}"\n', arguments: { name: 'World', rows: [1, 2, 3] } };

/**
 * What an agent's way to a provider adds to a call: through the code tool, and through a server of the Model Context Protocol over either transport. The provider runs nothing and
 * takes no time; the client of the protocol is the official one.
 *
 * @returns {Promise<Row[]>}
 */
export async function measureAgentCost() {
  const direct = summarise('the provider called directly', await directCalls());
  const tool = summarise('the same through a code tool', await toolCalls());
  const stdio = summarise('the same through MCP over stdio', await stdioCalls());
  const http = summarise('the same through MCP over streamable HTTP', await httpCalls());
  return [
    { ...direct, series: 'direct' },
    { ...tool, series: 'code-tool', ...added(tool, direct) },
    { ...stdio, series: 'mcp-stdio', ...added(stdio, direct), comparisons: [compare(stdio, tool, 'the code tool')] },
    { ...http, series: 'mcp-http', ...added(http, direct), comparisons: [compare(http, tool, 'the code tool')] },
  ];
}

/** @param {Summary} own @param {Summary} direct */
function added(own, direct) {
  const facts = { addedP50Ms: own.p50Ms - direct.p50Ms, addedP99Ms: own.p99Ms - direct.p99Ms };
  return { facts, note: `${facts.addedP50Ms.toFixed(3)} ms more at p50, ${facts.addedP99Ms.toFixed(3)} ms more at p99` };
}

/** @param {() => Promise<unknown>} call */
async function measured(call) {
  const samples = [];
  for (let index = -FIRST_CALLS; index < CALLS; index += 1) {
    const tookMs = await timed(call);
    if (index >= 0) samples.push(tookMs);
  }
  return samples;
}

async function directCalls() {
  const provider = createProvider(instantProvider, {});
  return measured(async () => {
    const sandbox = await provider.createSandbox({ language: 'python' });
    await sandbox.execute(INPUT);
    await sandbox.destroy();
  });
}

async function toolCalls() {
  const tool = createCodeTool({ runner: runnerOfProvider(createProvider(instantProvider, {})) });
  try {
    return await measured(async () => {
      const { model } = await tool.run(INPUT);
      if (model.status !== 'completed') throw new Error(`unexpected answer: ${JSON.stringify(model)}`);
    });
  } finally {
    await tool.close();
  }
}

function stdioCalls() {
  return mcpCalls(new StdioClientTransport({ command: process.execPath, args: [STDIO_PROGRAM], stderr: 'inherit' }));
}

async function httpCalls() {
  const provider = createProvider(instantProvider, {});
  const handler = createMcpHandler({ session: () => ({ tool: { runner: runnerOfProvider(provider) } }), authenticate: () => 'bench' });
  const server = createServer((request, response) => void handler.handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    return await mcpCalls(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${address.port}/mcp`)));
  } finally {
    await handler.close();
    server.closeAllConnections();
    server.close();
  }
}

/** @param {StdioClientTransport | StreamableHTTPClientTransport} transport */
async function mcpCalls(transport) {
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(transport);
  try {
    return await measured(async () => {
      const answer = await client.callTool({ name: 'run_code', arguments: INPUT });
      if (answer['isError'] === true) throw new Error(`unexpected answer: ${JSON.stringify(answer)}`);
    });
  } finally {
    await client.close();
  }
}
