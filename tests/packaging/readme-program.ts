import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../tools/setup/repository.mjs';

const README = 'README.md';

/** What the README says that its program prints. */
export const README_PRINTS = 'Hello World!\n';

/** The first program of the README. */
export function readmeProgram(): string {
  const text = readFileSync(path.join(repositoryRoot, README), 'utf8');
  const program = /^## Three lines in an agent\n.*?^```js\n(.+?)^```$/ms.exec(text)?.[1];
  if (program === undefined) throw new Error(`${README} has no program in its section "Three lines in an agent"`);
  return program;
}
