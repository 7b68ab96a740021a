'use strict';
// V8's inspector says where a cell does not parse beside the error, and not in its stack.

/** Thrown for a declaration that contradicts an earlier one, when the cell is about to begin. */
const CONFLICT = /^SyntaxError: Identifier '.+' has already been declared\n\s+at (\S+):1:1(?:\n|$)/;

/** When nothing of the cell has run, gives true and lets the stack of the error begin with file, line and a mark below the column. */
function describeSyntaxError(error, details, { name, job, lead = '' }) {
  if (error.name !== 'SyntaxError' || typeof error.stack !== 'string') return false;
  if (CONFLICT.exec(error.stack)?.[1] === name) return true;
  if (error.stack.includes(`${name}:`)) return false;
  const lines = job.code.split('\n');
  // A cell that ends too early ends on a line that the runner adds.
  const isLast = details.lineNumber >= lines.length;
  const row = isLast ? lines.length - 1 : details.lineNumber;
  const column = isLast ? lines[row].length : details.columnNumber - (row === 0 ? lead.length : 0);
  const place = `${name}:${row + 1}\n${lines[row]}\n${' '.repeat(Math.max(0, column))}^\n`;
  error.stack = `${place}\n${error.name}: ${error.message}`;
  return true;
}

module.exports = { describeSyntaxError };
