import type { CliContext } from '../cli-context.ts';
import { usageError } from '../usage-error.ts';

/** The variables that `--env` gives a program: `NAME=VALUE`, or `NAME` for the value that the command itself has, which nobody then sees in a list of processes. */
export function readEnvironment(
  { environment }: Pick<CliContext, 'environment'>,
  assignments: readonly string[],
): Readonly<Record<string, string>> {
  const variables = new Map<string, string>();
  for (const assignment of assignments) {
    const separator = assignment.indexOf('=');
    const name = separator < 0 ? assignment : assignment.slice(0, separator);
    // The value may be a secret, and is never shown.
    if (name === '')
      throw usageError('--env: a variable has no name.', 'Write --env NAME=VALUE, or --env NAME for the value that it has here.');
    if (variables.has(name)) throw usageError(`--env: "${name}" is given twice.`, 'Give each variable once.');
    const value = separator < 0 ? environment[name] : assignment.slice(separator + 1);
    if (value === undefined) throw usageError(`--env: "${name}" is not set here.`, `Set it, or write --env ${name}=VALUE.`);
    variables.set(name, value);
  }
  return Object.fromEntries(variables);
}
