import { allVerbs, type CompletionValues, type CompletionVerb } from './completion-tree.ts';
import { quoteForPosix } from './shell-quoting.ts';

/** A place of the command line, as the scripts name it, and what may stand there. */
export interface CompletionPlace {
  readonly key: string;
  readonly values: CompletionValues;
}

/** Paths of all verbs but the command itself. */
export function verbPaths(root: CompletionVerb): string[] {
  return allVerbs(root)
    .slice(1)
    .map(({ path }) => path);
}

/** Options that take a value, each behind the path of its verb. */
export function valuedOptions(root: CompletionVerb): CompletionPlace[] {
  return allVerbs(root).flatMap(({ path, options }) =>
    options.flatMap(({ flags, value }) => (value === undefined ? [] : flags.map((flag) => ({ key: `${path} ${flag}`, values: value })))),
  );
}

/** Arguments, each with its number behind the path of its verb; `*` stands for all that follow. */
export function argumentPlaces(
  root: CompletionVerb,
): readonly { readonly path: string; readonly place: number | '*'; readonly values: CompletionValues }[] {
  return allVerbs(root).flatMap(({ path, values, repeatsLast }) =>
    values.map((value, index) => ({ path, place: repeatsLast && index === values.length - 1 ? ('*' as const) : index, values: value })),
  );
}

/** Patterns of a `case`, which stand for these very texts. */
export function casePattern(texts: readonly string[]): string {
  return texts.map(quoteForPosix).join(' | ');
}
