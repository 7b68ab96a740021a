import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../tools/setup/repository.mjs';
import { guideCommands } from './guide-commands.ts';

const README = 'README.md';
/** What the README's program hands to the agent, printed. */
const PRINT = 'process.stdout.write(`${result.status} ${JSON.stringify(result.value)}`);\n';

/** The first program of the README, and a line that prints its value. */
export function readmeProgram(): string {
  const text = readFileSync(path.join(repositoryRoot, README), 'utf8');
  const program = /^## Three lines in an agent\n.*?^```ts\n(.+?)^```$/ms.exec(text)?.[1];
  if (program === undefined) throw new Error(`${README} has no program in its section "Three lines in an agent"`);
  return program + PRINT;
}

/** The commands that choose a provider for it, each as its words. */
export function readmeCommands(): string[][] {
  return guideCommands(README, 'npx sandport config use wasm --settings sandport.sqlite').map((words) => {
    const comment = words.indexOf('#');
    return comment === -1 ? words : words.slice(0, comment);
  });
}
