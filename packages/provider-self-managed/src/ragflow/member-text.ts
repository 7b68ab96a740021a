/** White space, a mark, or anything else up to the next of these. Strings are looked for by hand: they may be longer than an expression can remember. */
const TOKEN = /[ \t\r\n]+|[{}[\],:]|[^ \t\r\n"{}[\],:]+/y;

interface Token {
  readonly text: string;
  readonly start: number;
}

/**
 * The exact text of a member of JSON text that was parsed before: a number keeps the digits that a JavaScript number would lose.
 *
 * @param path Names of members, from the outermost object inwards. Of a name that comes twice, the last counts, as for `JSON.parse`.
 */
export function memberText(json: string, path: readonly string[]): string | undefined {
  return path.reduce<string | undefined>((text, name) => (text === undefined ? undefined : findMember(text, name)), json);
}

function findMember(json: string, name: string): string | undefined {
  let depth = 0;
  let key: string | undefined;
  let valueStart: number | undefined;
  let found: string | undefined;
  for (const { text, start } of tokensOf(json)) {
    const isEndOfValue = depth === 1 && (text === ',' || text === '}');
    if (isEndOfValue && valueStart !== undefined && key === name) found = json.slice(valueStart, start).trim();
    if (isEndOfValue) [key, valueStart] = [undefined, undefined];
    else if (depth === 1 && key === undefined && text.startsWith('"')) key = JSON.parse(text) as string;
    else if (depth === 1 && text === ':') valueStart = start + 1;
    if (text === '{' || text === '[') depth += 1;
    if (text === '}' || text === ']') depth -= 1;
    // An array at the outside has no members of this kind.
    if (start === 0 && text !== '{') return undefined;
  }
  return found;
}

function* tokensOf(json: string): Generator<Token, void, undefined> {
  const token = new RegExp(TOKEN);
  for (let start = 0; start < json.length; start = token.lastIndex) {
    const end = json[start] === '"' ? endOfString(json, start) : undefined;
    token.lastIndex = end ?? start;
    const text = end === undefined ? (token.exec(json)?.[0] ?? '') : json.slice(start, end);
    if (text === '') return;
    if (text.trim() !== '') yield { text, start };
  }
}

/** Where a string ends: behind the next quote that has an even number of backslashes before it. */
function endOfString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return json.length;
}
