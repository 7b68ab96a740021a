/** Where a text stops being JSON. Lines and columns count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Reads JSON, or tells where it ends to be. An empty text is nothing. */
export function readJsonText(text: string): { readonly value: unknown } | { readonly fault: JsonFault } {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { fault: faultOf(error.message, text) };
  }
}

/** Engines tell the place in different words, and some not at all: then it is looked for. */
function faultOf(message: string, text: string): JsonFault {
  const lines = /line (\d+) column (\d+)/.exec(message);
  const plain = message
    .replace(/^JSON\.parse: /, '')
    .replace(/ (?:in JSON )?at (?:position \d+|line \d+ column \d+ of the JSON data).*$/s, '');
  if (lines !== null) return { line: Number(lines[1]), column: Number(lines[2]), message: plain };
  const position = /position (\d+)/.exec(message);
  const offset = position === null ? text.length : Number(position[1]);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: plain };
}
