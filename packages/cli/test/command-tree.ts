import type { Command } from 'commander';
import { createProgram } from '../src/index.ts';
import { createContext, type Setup } from './run-in-process.ts';

/** A verb that does something. */
export interface Verb {
  /** Without the command's own name: `['config', 'get']`. */
  readonly words: readonly string[];
  readonly command: Command;
}

/** A tree of its own, in which no verb does anything: what it was called with is told instead. */
export function createDryTree(onVerb: (words: readonly string[]) => void = () => undefined, setup: Setup = {}): Command {
  const program = createProgram(createContext(setup).context, () => undefined);
  for (const { words, command } of verbsOf(program)) command.action(() => onVerb(words));
  return program;
}

/** Every verb below a command: what has no further verbs, and what does something without one. */
export function verbsOf(command: Command, words: readonly string[] = []): Verb[] {
  return command.commands.flatMap((child): Verb[] => {
    const own = [...words, child.name()];
    const isVerb = child.commands.length === 0 || child.options.some(({ long }) => long === '--json');
    return [...(isVerb ? [{ words: own, command: child }] : []), ...verbsOf(child, own)];
  });
}

/** Words with which a verb is called as its arguments and its mandatory options ask for. */
export function leastWords({ words, command }: Verb): string[] {
  const values = command.registeredArguments.filter(({ required }) => required).map(({ argChoices }) => argChoices?.[0] ?? '1');
  return [...words, ...values];
}
