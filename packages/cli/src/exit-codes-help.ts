import { EXIT_CODE_MEANINGS } from './exit-code.ts';

/** Characters of a line of the table. */
const COLUMNS = 88;

const INDENT = 7;

/** The exit codes, as the help lists them. */
export function exitCodesHelp(): string {
  const rows = EXIT_CODE_MEANINGS.flatMap(({ exitCode, meaning }) =>
    wrap(meaning.replaceAll('`', '"'), COLUMNS - INDENT).map((line, index) => {
      const head = index === 0 ? `  ${exitCode}` : '';
      return `${head.padEnd(INDENT)}${line}`;
    }),
  );
  return ['Exit codes:', ...rows].join('\n');
}

/** The text in lines of at most so many characters, but for words that are longer. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
