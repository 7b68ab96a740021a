import { createProgram } from '../../packages/cli/src/index.ts';
import { idleContext } from '../../tools/docs/cli-page.mjs';

/** A command of the `sandport` program, for looking at. */
export type Command = ReturnType<typeof createProgram>;

/** The `sandport` program, which carries nothing out. */
export function programToLookAt(): Command {
  return createProgram(idleContext(), () => undefined);
}

/** Whatever in a text is a call of the command: in code spans and on lines of code of their own. */
export function commandLinesOf(markdown: string): string[] {
  const spans = [...markdown.matchAll(/`((?:npx )?sandport [^`\n]+)`/g)];
  const lines = [...markdown.matchAll(/^(?:\$ )?((?:npx )?sandport .+)$/gm)];
  return [...spans, ...lines].flatMap(([, line = '']) => line.replace(/^npx /, '').replace(/ #.*$/, ''));
}

/** What is wrong with a command line: a verb or an option that the command does not have. */
export function faultOf(program: Command, line: string): string | undefined {
  const words = line.split(/\s+/).slice(1);
  const options: string[] = [];
  let command = program;
  for (const word of words) {
    if (word.startsWith('--')) options.push(word.replace(/=.*/, ''));
    else {
      const next = options.length > 0 ? undefined : command.commands.find((each) => each.name() === word);
      if (next === undefined && command.commands.length > 0) return `"${line}": there is no "${word}"`;
      command = next ?? command;
    }
  }
  const known = new Set(['--help']);
  for (let each: Command | null = command; each !== null; each = each.parent) {
    for (const { long } of each.options) if (typeof long === 'string') known.add(long);
  }
  const unknown = options.find((option) => !known.has(option));
  return unknown === undefined ? undefined : `"${line}": there is no ${unknown}`;
}
