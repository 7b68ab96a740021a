import type { FailedResult } from '@sandport/core';

/** What RAGFlow's protocol tells apart among programs that failed. */
export type ProgramFault = 'parsing' | 'file-access' | 'disallowed-syscall' | 'memory' | 'other';

/** Classes of Python's errors for a source that cannot be read. */
const PARSING_ERRORS: ReadonlySet<string> = new Set(['SyntaxError', 'IndentationError', 'TabError']);

/** How Python begins a traceback that has frames. */
const FRAMES = 'Traceback (most recent call last):';

/** EPERM on Linux and in WebAssembly. Python makes a `PermissionError` of it, as of EACCES. */
const OPERATION_NOT_PERMITTED: ReadonlySet<number> = new Set([1, 63]);

/**
 * Names the fault of a program by the class of the error that ended it. What the program printed is not looked at.
 *
 * That the program failed is settled before: this chooses the word for it. JavaScript has no classes for these faults.
 */
export function faultOf({ language, error }: FailedResult): ProgramFault {
  if (language !== 'python') return 'other';
  if (PARSING_ERRORS.has(error.type)) return hasFrames(error.traceback) ? 'other' : 'parsing';
  if (error.type === 'MemoryError') return 'memory';
  if (error.type !== 'PermissionError') return 'other';
  return OPERATION_NOT_PERMITTED.has(numberOf(error.message)) ? 'disallowed-syscall' : 'file-access';
}

/** A source that cannot be read ends before it has a frame; one that the program itself compiles does not. */
function hasFrames(traceback: string): boolean {
  return traceback.split('\n', 1)[0] === FRAMES;
}

/** The number that Python puts before the words of an error of the system. */
function numberOf(description: string): number {
  return Number(/^\[Errno (\d+)\]/.exec(description)?.[1]);
}
