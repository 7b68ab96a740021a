import { homedir, hostname, userInfo } from 'node:os';
import type { CliContext } from './cli-context.ts';
import { Interruption } from './interruption.ts';
import { runCli } from './run-cli.ts';

/**
 * Runs the command line of this process. The first SIGINT or SIGTERM withdraws the running call and waits for its clean-up; the
 * second ends the process at once, as it would any other.
 */
export async function runProcess(
  carried: Pick<CliContext, 'providers' | 'prepareProvider' | 'buildImages' | 'removeLeftBehind'>,
): Promise<void> {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interruption.abort(new Interruption(name)));
  }
  for (const output of [process.stdout, process.stderr]) {
    // The reader is gone (`sandport run x | head`): nobody wants the rest.
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      interruption.abort(new Interruption('SIGPIPE'));
    });
  }
  process.exitCode = await runCli(process.argv.slice(2), {
    ...carried,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    homeFolder: homedir(),
    operator: `${userName()}@${hostname()}`,
    signal: interruption.signal,
  });
}

/** In a container the number of the user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR')) throw error;
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
