import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { ERROR_CODES, SandboxError } from '@sandport/core';
import { ArtifactShelf } from './artifacts/artifact-shelf.ts';
import { checkMcpLimits, type McpCodeOptions } from './mcp-options.ts';
import { artifactTools } from './tools/artifact-tools.ts';
import { SessionCode } from './tools/code-tools.ts';
import { refusedCall, type ServerTool } from './tools/server-tool.ts';

/** Name under which a server presents itself. */
const SERVER_NAME = 'sandport';

/** What a server says of its version: that of the protocol's tools, not of a program. */
const SERVER_VERSION = '1';

/** One session: a server of the protocol, with what belongs to it. */
export interface CodeServer {
  /** To be connected to a transport. */
  readonly server: McpServer;
  /** Ends the connection, what runs and what is kept. Idempotent. @throws SandboxError what the provider throws. */
  close(): Promise<void>;
}

/**
 * Makes the server of one session, without I/O. Its tools: the code tool, `list_artifacts`, `read_artifact`, and `reset_state` where anything is kept.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` for an option that is wrong, naming it.
 */
export function createCodeServer(options: McpCodeOptions): CodeServer {
  const limits = checkMcpLimits(options);
  const shelf = new ArtifactShelf({ count: limits.artifactCount, bytes: limits.artifactBytes });
  const code = new SessionCode(options, shelf);
  const tools = [...code.tools(), ...artifactTools(shelf, { characters: limits.readCharacters, bytes: limits.readBytes })];
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  if (byName.size < tools.length) {
    throw new SandboxError('REQUEST_INVALID', 'tool.name: is the name of another tool of the server.', { details: { field: 'tool.name' } });
  }
  const server = new McpServer({ name: SERVER_NAME, version: SERVER_VERSION }, { capabilities: { tools: {} } });
  // Beside the registry of the SDK, which would check input in its own words and before we see it.
  server.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(({ definition }) => definition) }));
  server.server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) =>
    call(byName.get(params.name), params.arguments, signal),
  );
  return {
    server,
    close: async () => {
      await code.close();
      await server.close();
    },
  };
}

async function call(tool: ServerTool | undefined, input: unknown, signal: AbortSignal): Promise<CallToolResult> {
  if (tool === undefined) return refusedCall('There is no tool of this name. Nothing was done.');
  try {
    return await tool.call(input ?? {}, signal);
  } catch (error) {
    // Nobody waits for the answer to a call that was withdrawn.
    if (SandboxError.isInstance(error)) return refusedCall(`${error.code}: ${ERROR_CODES[error.code].meaning}`);
    throw new SandboxError('INTERNAL', ERROR_CODES.INTERNAL.meaning, { operation: 'callTool', cause: error });
  }
}
