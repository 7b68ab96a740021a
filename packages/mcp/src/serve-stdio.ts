import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createCodeServer } from './code-server.ts';
import type { McpCodeOptions } from './mcp-options.ts';

/** Where a server over stdio reads and writes, and until when. */
export interface StdioOptions {
  /** @default process.stdin */
  readonly input?: Readable | undefined;
  /** Nothing else may write to it. @default process.stdout */
  readonly output?: Writable | undefined;
  /** Ends the server. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Serves one client over stdio, and resolves when it has gone away or the signal has fired, after everything of it was ended.
 *
 * @throws SandboxError for an option that is wrong, and what the provider throws when what is kept is ended.
 */
export async function serveStdio(
  options: McpCodeOptions,
  { input = process.stdin, output = process.stdout, signal }: StdioOptions = {},
): Promise<void> {
  const session = createCodeServer(options);
  const transport = new StdioServerTransport(input, output);
  const ended = new Promise<void>((resolve) => {
    const end = (): void => resolve();
    session.server.server.onclose = end;
    input.once('end', end);
    input.once('close', end);
    output.once('error', end);
    signal?.addEventListener('abort', end, { once: true });
  });
  try {
    if (signal?.aborted === true) return;
    await session.server.connect(transport);
    await ended;
  } finally {
    await session.close();
  }
}
