import { KEPT_STATES } from '@sandport/agent';
import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { collect } from '../collect.ts';
import { parseDuration } from '../duration.ts';
import type { ExitCodeListener } from '../exit-code.ts';
import { parseListenAddress } from '../mcp/listen-address.ts';
import type { McpOptions } from '../mcp/mcp-options.ts';
import { parseProcessors, parseSize } from '../size.ts';

const HELP = `
Serves the stored configuration to a client of the Model Context Protocol: over stdio to the
program that starts this command, or with --http to several. It gives tools to run code and
to read the files that programs leave. It ends with its client, or with SIGINT or SIGTERM.

Over HTTP a client needs the token of --token-file, else of $SANDPORT_MCP_TOKEN, as
"authorization: Bearer TOKEN". Without a token it serves this machine alone.

Examples:
  $ sandport mcp
  $ sandport mcp --provider docker --state variables --timeout 20s
  $ sandport mcp --http 8080
  $ sandport mcp --http 0.0.0.0:8080 --token-file /run/secrets/mcp --allow-host code.example.com
  $ sandport mcp --http 127.0.0.1:0 --json`;

/** `sandport mcp` */
export function mcpCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  return new Command('mcp')
    .description('let agents run code, as a server of the Model Context Protocol')
    .option('--provider <id>', 'run on this provider instead of the one in use')
    .addOption(new Option('--state <kind>', 'what stays from call to call of a session').choices(KEPT_STATES).default('none'))
    .option('--timeout <duration>', 'most time for each program: 500ms, 5s, 2m', parseDuration)
    .option('--memory <size>', 'memory of each sandbox, swap included: 256m, 1GiB', parseSize)
    .option('--cpus <number>', 'processor time of each sandbox, as a number of processors: 0.5, 2', parseProcessors)
    .option('--http <[host:]port>', 'serve over HTTP, and not over stdio; port 0 lets the system choose one', parseListenAddress)
    .option('--token-file <file>', 'with --http: the token that clients must have')
    .option('--allow-host <name>', 'with --http: a name under which clients reach it; may be repeated', collect, [])
    .option('--allow-origin <origin>', 'with --http: a page that may call; may be repeated', collect, [])
    .option('--json', 'with --http: say as one JSON document on stdout where it listens')
    .addHelpText('after', HELP)
    .action(async (_options: unknown, command: Command) => {
      // The protocol's library is loaded for nobody else.
      const { serveMcp } = await import('../mcp/serve-mcp.ts');
      onExitCode(await serveMcp(context, command.optsWithGlobals<McpOptions>()));
    });
}
