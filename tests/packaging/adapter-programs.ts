import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../tools/setup/repository.mjs';

/** A program of the documentation that shows an adapter, with what it prints. */
export interface AdapterProgram {
  /** Its package. */
  readonly name: string;
  /** The Nodes that it runs under. */
  readonly majors: readonly number[];
  /** Where it stands, from the root of the repository. */
  readonly file: string;
  readonly prints: string;
}

/** Frameworks that the programs use besides what the adapters ask for. */
export const FRAMEWORKS = ['langchain@^1.5.14'];

/** A server as a client starts it. */
export const MCP_SERVER = 'packages/mcp/test/snippets/stdio-program.mjs';

/** The example of each adapter. That of the Model Context Protocol is a server: a program with the official client starts it. */
export const ADAPTER_PROGRAMS: readonly AdapterProgram[] = [
  {
    name: '@sandport/ai-sdk',
    majors: [22, 24],
    file: 'examples/ai-sdk/tool.mjs',
    prints: '{"status":"completed","value":"42","stdout":"3 prices\\n"}\ncompleted in wasm\nThey come to 42.\n',
  },
  {
    name: '@sandport/langchain',
    majors: [20, 22, 24],
    file: 'examples/langchain/code-agent.mjs',
    prints: 'completed, isolated by wasm\nThe tool said {"status":"completed","value":"42"}\n',
  },
];

/** A client of the official SDK that starts a server in the same folder, and prints the names of its tools and what running code gives. */
export function mcpClientProgram(server: string): string {
  return `import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
const client = new Client({ name: 'consumer', version: '1' });
await client.connect(new StdioClientTransport({ command: process.execPath, args: [${JSON.stringify(server)}] }));
const { tools } = await client.listTools();
const { content } = await client.callTool({ name: 'run_code', arguments: { language: 'python', code: 'def main(): return 6 * 7' } });
await client.close();
process.stdout.write(JSON.stringify([tools.map(({ name }) => name), content.map(({ text }) => JSON.parse(text).value)]));
`;
}

/** A file of the documentation. */
export function documented(file: string): string {
  return readFileSync(path.join(repositoryRoot, file), 'utf8');
}
