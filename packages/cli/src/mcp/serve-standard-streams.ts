import { serveStdio, type McpCodeOptions } from '@sandport/mcp';
import type { CliContext } from '../cli-context.ts';

/** Serves the one client that started this process. */
export async function serveStandardStreams({ stdin, stdout, stderr, signal }: CliContext, code: McpCodeOptions): Promise<void> {
  if (stdin.isTTY === true)
    stderr.write('Serving the Model Context Protocol on standard input and output. A program starts this command; Ctrl-D ends it.\n');
  try {
    await serveStdio(code, { input: stdin, output: stdout, signal });
  } finally {
    // A client that has not gone away would keep the process alive.
    stdin.destroy();
  }
}
