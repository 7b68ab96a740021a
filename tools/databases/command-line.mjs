// @ts-check

export const usage = `Makes PostgreSQL and MariaDB available to tests: those that are named, or private ones.

Usage:
  node tools/databases/main.mjs run -- COMMAND [ARGUMENT…]
      Runs a command with both up, and ends with its exit code. Private databases end with the command.
  node tools/databases/main.mjs start
      Prints how both are reached and keeps them up until SIGINT or SIGTERM.

Options:
  --help      show this text

Environment, read and set:
  SANDPORT_TEST_POSTGRES_URL   an administrator of PostgreSQL, for example postgres://user:password@127.0.0.1:5432/postgres
  SANDPORT_TEST_MYSQL_URL      an administrator of MySQL or MariaDB, for example mysql://user:password@127.0.0.1:3306/mysql

Examples:
  node tools/databases/main.mjs run -- npx vitest run --project database
  node tools/databases/main.mjs start
`;

/**
 * @typedef {{ action: 'help' }
 *   | { action: 'start' }
 *   | { action: 'run', command: [string, ...string[]] }
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

  const [action, ...excess] = own;
  if (excess.length > 0) return { action: 'misuse', problem: `"${excess[0]}" is not understood; a command goes after "--"` };
  if (action === 'start') return separator === -1 ? { action } : { action: 'misuse', problem: '"start" takes no command' };
  if (action === 'run') {
    if (program === undefined) return { action: 'misuse', problem: '"run" needs "--" and a command' };
    return { action, command: [program, ...programArguments] };
  }
  return { action: 'misuse', problem: action === undefined ? 'say "run" or "start"' : `"${action}" is not understood` };
}
