import { readFileSync } from 'node:fs';
import { packageManager, repositoryRoot } from '../../tools/setup/repository.mjs';
import path from 'node:path';

/**
 * The commands of a page's code block that begins with a line, each as its words.
 *
 * @throws Error when the page has no such block.
 */
export function guideCommands(page: string, firstLine: string): string[][] {
  const text = readFileSync(path.join(repositoryRoot, page), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.+?)^```$/gms)].map(([, block = '']) => block.trimEnd().split('\n'));
  const lines = blocks.find(([first]) => first === firstLine);
  if (lines === undefined) throw new Error(`${page} has no commands that begin with "${firstLine}"`);
  return lines.map((line) => line.split(' '));
}

/** The package manager of the page is the one that the repository names, to the last digit. */
export function withPinnedManager(words: readonly string[]): string[] {
  return words.flatMap((word) => (word === 'pnpm@10' ? ['--yes', packageManager()] : [word]));
}
