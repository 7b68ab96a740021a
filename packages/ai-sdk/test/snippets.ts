import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('snippets/', import.meta.url);

/** The programs of the README: name and text, in the order of their names. */
export const PROGRAMS: readonly { readonly name: string; readonly text: string }[] = readdirSync(folder).map((file) => ({
  name: file.replace(/\.ts$/, ''),
  text: readFileSync(new URL(file, folder), 'utf8'),
}));

/** Runs one: what it exports, and what it promises in comments at the ends of those lines. */
export async function runProgram(name: string): Promise<{ readonly given: string[]; readonly promised: string[] }> {
  const text = PROGRAMS.find((program) => program.name === name)?.text ?? '';
  const given = Object.values((await import(`./snippets/${name}.ts`)) as Record<string, unknown>);
  const promised = [...text.matchAll(/^export const .*; \/\/ (.+)$/gm)].map(([, comment = '']) => comment);
  return { given: given.map(String).toSorted(), promised: promised.toSorted() };
}
