/** Strings, signs, and everything else up to the next sign. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON text with line breaks and indents. Tokens stay as they are written, so that a number keeps all its digits: reading and writing it again would lose those beyond a
 * fraction's.
 */
export function indentJson(text: string): string {
  let indented = '';
  let depth = 0;
  let former = '';
  for (const token of text.match(TOKEN) ?? []) {
    const isEnd = token === '}' || token === ']';
    const isFirst = former === '{' || former === '[';
    if (isEnd) depth -= 1;
    if (isFirst !== isEnd || former === ',') indented += `\n${'  '.repeat(Math.max(0, depth))}`;
    if (token === '{' || token === '[') depth += 1;
    indented += token === ':' ? ': ' : token;
    former = token;
  }
  return indented;
}
