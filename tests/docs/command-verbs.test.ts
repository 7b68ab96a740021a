import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { programToLookAt, type Command } from './command-lines.ts';

const program = programToLookAt();

/** Everything below a command that does something, or groups what does. */
function commandsBelow(command: Command, words: string): [string, Command][] {
  return command.commands.flatMap((child): [string, Command][] => {
    const path = `${words} ${child.name()}`;
    return [[path, child], ...commandsBelow(child, path)];
  });
}

/** As the README writes it: `sandport config diff FROM [TO]`. */
function usageOf(path: string, { registeredArguments }: Command): string {
  const names = registeredArguments.map((argument) => {
    const name = `${argument.name().toUpperCase()}${argument.variadic ? '…' : ''}`;
    return argument.required ? name : `[${name}]`;
  });
  return [path, ...names].join(' ');
}

const commands = commandsBelow(program, 'sandport');
const givesDocuments = ({ options }: Command): boolean => options.some(({ long }) => long === '--json');

test('the README of the command has a row for each of its verbs, and for nothing else', () => {
  const readme = readFileSync(new URL('../../packages/cli/README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `(sandport [^`]+)` \|/gm)].flatMap((match) => match[1] ?? []);
  const verbs = commands.filter(([, command]) => givesDocuments(command)).map(([path, command]) => usageOf(path, command));
  expect(verbs.length).toBeGreaterThan(0);
  expect(rows.toSorted()).toEqual(verbs.toSorted());
});

test('every verb gives one document with --json, as the README says', () => {
  const verbs = commands.filter(([, { commands: below }]) => below.length === 0);
  expect(verbs.filter(([, command]) => !givesDocuments(command)).map(([path]) => path)).toEqual([]);
});
