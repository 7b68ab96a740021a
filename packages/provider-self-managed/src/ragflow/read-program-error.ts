import type { Language, ProgramError } from '@sandport/core';

const PYTHON_FRAMES = 'Traceback (most recent call last):\n';
const PYTHON_ERROR = /^([A-Za-z_][\w.]*)(?:: ([^]*))?$/;
/** An error as Node prints it, perhaps behind the words of the far end's runner. */
const NODE_ERROR = /^(?:Error in async main function:\s*)?([A-Za-z_$][\w$]*)(?: \[[^\]\n]+\])?: ([^]*?)\n\s+at /m;

/** Frames of the far end's own runner, with the lines of source below them. A program is a single file and has no other of this name. */
const RUNNER_FRAMES = {
  python: /^ {2}File "[^"\n]*\/runner\.py".*\n(?: {4}.*\n)*/gm,
  javascript: /^\s+at .*\/runner\.[cm]?js:\d+.*(?:\n|$)/gm,
} as const satisfies Record<Language, RegExp>;

/**
 * The error that ended a program with exit code 1, as the language printed it. The far end has no other channel for it, and a program can print what looks the same: that it
 * failed does not rest on this, only what it is said to have failed with.
 */
export function readProgramError(language: Language, printed: string): ProgramError | undefined {
  return language === 'python' ? readPython(printed) : readNode(printed);
}

function readPython(printed: string): ProgramError | undefined {
  const start = printed.lastIndexOf(PYTHON_FRAMES);
  if (start < 0) return undefined;
  const lines = printed
    .slice(start + PYTHON_FRAMES.length)
    .trimEnd()
    .split('\n');
  const end = lines.findIndex((line) => line !== '' && !/^\s/.test(line));
  const [, type, message = ''] = PYTHON_ERROR.exec(lines.slice(end < 0 ? lines.length : end).join('\n')) ?? [];
  if (type === undefined) return undefined;
  // The runner imports the program as the module `main`.
  return { type: type.replace(/^main\./, ''), message, traceback: printed.slice(start).replaceAll(RUNNER_FRAMES.python, '') };
}

function readNode(printed: string): ProgramError | undefined {
  const [found, type, message] = NODE_ERROR.exec(printed) ?? [];
  if (found === undefined || type === undefined || message === undefined) return undefined;
  return { type, message, traceback: printed.slice(printed.indexOf(found)).replaceAll(RUNNER_FRAMES.javascript, '') };
}
