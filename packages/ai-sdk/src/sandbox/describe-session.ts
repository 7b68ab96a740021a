import type { SessionPlace } from './program/session-program.ts';
import type { CheckedSessionOptions } from './session-options.ts';

/** What a model has to know of a sandbox, from what its provider can do and from what was found in it. */
export function describeSession({ language, limits, runner }: CheckedSessionOptions, place: SessionPlace | undefined): string {
  if (place === undefined || !runner.capabilities.subprocesses) {
    return 'A sandbox with files and without a shell: commands cannot be run. Paths of files are relative to its work folder.';
  }
  return [
    `A sandbox with ${place.shell} and ${language === 'python' ? 'Python' : 'Node'}.`,
    `Its work folder is ${place.workFolder}: relative paths begin there, and files that are read or written must be below it.`,
    'Files stay from one command to the next. Processes do not: what a command leaves running in the background is ended with it.',
    'Commands and transfers of files take turns.',
    `A command is ended after ${limits.timeoutMs} ms, and when it writes more than ${limits.outputBytes} bytes to stdout or to stderr.`,
    'There is no network.',
  ].join('\n');
}
