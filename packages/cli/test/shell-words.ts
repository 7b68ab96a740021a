/**
 * The commands of a line as a shell would call them, each with its words: quotes are taken away, variables before a command, redirections and what follows `#` left out. It knows what the
 * examples of the help need, and refuses all else.
 */
export function commandsOfLine(line: string): string[][] {
  return splitCommands(tokensOf(line)).map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))));
}

const OPERATORS = ['&&', '|', ';'];

function splitCommands(tokens: readonly Token[]): string[][] {
  const commands: string[][] = [[]];
  let skips = false;
  for (const { text, isQuoted } of tokens) {
    if (skips) skips = false;
    else if (!isQuoted && OPERATORS.includes(text)) commands.push([]);
    else if (!isQuoted && /^[<>]$/.test(text)) skips = true;
    else commands.at(-1)?.push(text);
  }
  return commands;
}

interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
}

function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  const word = /(?:'[^']*'|"[^"]*"|[^\s'"])+/g;
  if (line.replaceAll(word, '').trim() !== '') throw new Error(`a quote is not closed: ${line}`);
  for (const [whole] of line.matchAll(word)) {
    if (whole === '#') break;
    const text = whole.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? '');
    tokens.push({ text, isQuoted: /['"]/.test(whole) });
  }
  return tokens;
}
