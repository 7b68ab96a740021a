// @ts-check

export const usage = `Makes a Docker engine with gVisor available: the one that is there, or a private one.

Usage:
  node tools/engine/main.mjs run [--private] -- COMMAND [ARGUMENT…]
      Runs a command with DOCKER_HOST set, and ends with its exit code. A private engine ends with the command.
  node tools/engine/main.mjs start [--private]
      Prints the DOCKER_HOST to use and keeps the engine up until SIGINT or SIGTERM.

Options:
  --private   start a private engine even where there is another (needs root on Debian or Ubuntu)
  --help      show this text

Environment:
  DOCKER_HOST              the engine to try first (default: unix:///var/run/docker.sock)
  SANDPORT_ENGINE_DATA     where a private engine keeps its images (default: ~/.cache/sandport/engine)
  SANDPORT_ENGINE_SOCKET   the path of a private engine's socket (default: in a temporary folder)

Examples:
  node tools/engine/main.mjs run -- docker info
  node tools/engine/main.mjs run --private -- npm test
  SANDPORT_ENGINE_SOCKET=/tmp/engine.sock node tools/engine/main.mjs start
`;

/**
 * @typedef {{ action: 'help' }
 *   | { action: 'start', preferPrivate: boolean }
 *   | { action: 'run', preferPrivate: boolean, command: [string, ...string[]] }
 *   | { action: 'misuse', problem: string }} CommandLine
 */

/**
 * @param {readonly string[]} args
 * @returns {CommandLine}
 */
export function parseCommandLine(args) {
  const separator = args.indexOf('--');
  const own = separator === -1 ? args : args.slice(0, separator);
  const [program, ...programArguments] = separator === -1 ? [] : args.slice(separator + 1);
  if (own.includes('--help') || own.includes('-h')) return { action: 'help' };

  const preferPrivate = own.includes('--private');
  const [action, ...excess] = own.filter((argument) => argument !== '--private');
  if (excess.length > 0) return { action: 'misuse', problem: `"${excess[0]}" is not understood; a command goes after "--"` };
  if (action === 'start') {
    if (separator !== -1) return { action: 'misuse', problem: '"start" takes no command' };
    return { action, preferPrivate };
  }
  if (action === 'run') {
    if (program === undefined) return { action: 'misuse', problem: '"run" needs "--" and a command' };
    return { action, preferPrivate, command: [program, ...programArguments] };
  }
  return { action: 'misuse', problem: action === undefined ? 'say "run" or "start"' : `"${action}" is not understood` };
}
