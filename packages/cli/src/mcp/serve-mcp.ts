import type { CliContext } from '../cli-context.ts';
import { carriedProvider } from '../chosen-provider.ts';
import { EXIT_CODES, interruptedExitCode } from '../exit-code.ts';
import { createStoredClient } from '../stored-client.ts';
import { usageError } from '../usage-error.ts';
import { codeOptionsOf, type McpOptions } from './mcp-options.ts';
import { serveHttp } from './serve-http.ts';
import { serveStandardStreams } from './serve-standard-streams.ts';

/** Serves the stored configuration until its client goes away or the process is told to end, and ends all that was made for it. */
export async function serveMcp(context: CliContext, options: McpOptions): Promise<number> {
  if (options.provider !== undefined) carriedProvider(context.providers, options.provider);
  refuseWithoutHttp(options);
  await using client = createStoredClient(context, options);
  const code = await codeOptionsOf(context, client, options);
  await (options.http === undefined ? serveStandardStreams(context, code) : serveHttp(context, code, options, options.http));
  return interruptedExitCode(context.signal) ?? EXIT_CODES.ok;
}

/** What is meant for HTTP and would do nothing over stdio. */
function refuseWithoutHttp({ http, json, tokenFile, allowHost, allowOrigin }: McpOptions): void {
  if (http !== undefined) return;
  const given = [
    ...(json === true ? ['--json'] : []),
    ...(tokenFile === undefined ? [] : ['--token-file']),
    ...(allowHost.length === 0 ? [] : ['--allow-host']),
    ...(allowOrigin.length === 0 ? [] : ['--allow-origin']),
  ];
  if (given.length > 0)
    throw usageError(
      `${given.join(', ')}: only together with --http. Over stdio, stdout has the protocol and nothing else.`,
      'Leave it out, or give --http 127.0.0.1:8080.',
    );
}
