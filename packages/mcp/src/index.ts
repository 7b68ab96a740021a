export { createCodeServer, type CodeServer } from './code-server.ts';
export { createMcpHandler, type McpHandler, type McpHandlerOptions } from './http/mcp-handler.ts';
export type { McpCodeOptions } from './mcp-options.ts';
export { serveStdio, type StdioOptions } from './serve-stdio.ts';
