/**
 * Whether something printed what a page says. In the page, `…` stands for any text within a line, and for any lines, or none, where it stands alone. Blanks at the end of
 * lines, and empty lines before and behind, do not count.
 */
export function isPrinted(printed: string, said: string): boolean {
  return areLines(linesOf(printed), linesOf(said));
}

function areLines(printed: readonly string[], said: readonly string[]): boolean {
  const [pattern, ...rest] = said;
  if (pattern === undefined) return printed.length === 0;
  if (pattern === '…') return printed.some((_, index) => areLines(printed.slice(index), rest)) || areLines([], rest);
  const [line] = printed;
  return line !== undefined && isLine(line, pattern) && areLines(printed.slice(1), rest);
}

/** Looks for the parts between the gaps one after the other, the first and the last at their ends. */
function isLine(line: string, pattern: string): boolean {
  const parts = pattern.split('…');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return line === pattern;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = line.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return line.startsWith(first) && line.endsWith(last) && at + last.length <= line.length;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
