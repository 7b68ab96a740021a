import { LANGUAGES, type Language } from '@sandport/core';
import type { CapabilityName } from './capability-name.ts';
import { withoutNode } from './ecmascript-prelude.ts';
import { NotApplicable } from './conformance-failure.ts';
import { CONFORMANCE_AREAS, type ConformanceArea, type ConformanceCase, type ConformanceContext } from './conformance-case.ts';

/** The program of a case in one language. */
export interface CaseProgram {
  readonly language: Language;
  readonly code: string;
}

interface CaseFacts {
  /** `<area>/<name>`. */
  readonly id: string;
  readonly title: string;
  readonly requires?: readonly CapabilityName[];
  readonly deadlineMs?: number;
}

/** A promise about programs, with the text of the program in each language that it concerns. */
export interface ProgramCase extends CaseFacts {
  /**
   * In each language. `ecmascript`: for JavaScript without Node, where the same program cannot be made to do by giving it names of files, input and output; `null` when nothing
   * of the promise is left there.
   */
  readonly programs: { readonly [Name in Language]?: string } & { readonly ecmascript?: string | null };
  readonly run: (context: ConformanceContext, program: CaseProgram) => Promise<void>;
}

/** A promise about calls that run no program of their own. */
export interface CallCase extends CaseFacts {
  readonly run: (context: ConformanceContext) => Promise<void>;
}

/** One case per language of `programs`, with ids such as `arguments/null[python]`. */
export function inEachLanguage(definition: ProgramCase): ConformanceCase[] {
  return LANGUAGES.flatMap((language) => {
    const code = definition.programs[language];
    if (code === undefined) return [];
    const run = async (context: ConformanceContext) =>
      definition.run(context, { language, code: programFor(context, definition, language) });
    return [{ ...factsOf(definition), id: `${definition.id}[${language}]`, languages: [language], run }];
  });
}

/** One case, run in the first language of the provider: for promises that no language can change. */
export function inOneLanguage(definition: ProgramCase): ConformanceCase[] {
  const languages = LANGUAGES.filter((language) => definition.programs[language] !== undefined);
  const run = async (context: ConformanceContext) =>
    definition.run(context, {
      language: context.language,
      code: programFor(context, definition, context.language),
    });
  return [{ ...factsOf(definition), languages, run }];
}

/** The program as the provider's JavaScript can run it: one without Node has other names for files, input and output. */
function programFor({ capabilities }: ConformanceContext, { programs }: ProgramCase, language: Language): string {
  const code = programs[language] ?? '';
  if (language !== 'javascript' || capabilities.javascriptRuntime === 'node') return code;
  if (programs.ecmascript === null) throw new NotApplicable('the promise is about what only Node has');
  return programs.ecmascript ?? withoutNode(code);
}

/** One case that runs no program. */
export function withoutProgram(definition: CallCase): ConformanceCase[] {
  return [{ ...factsOf(definition), languages: [], run: definition.run }];
}

function factsOf(definition: CaseFacts): Omit<ConformanceCase, 'languages' | 'run'> {
  return {
    id: definition.id,
    title: definition.title,
    area: areaOf(definition.id),
    requires: definition.requires ?? [],
    ...(definition.deadlineMs === undefined ? {} : { deadlineMs: definition.deadlineMs }),
  };
}

function areaOf(id: string): ConformanceArea {
  const area = CONFORMANCE_AREAS.find((name) => id.startsWith(`${name}/`));
  if (area === undefined) throw new Error(`The case "${id}" belongs to no area.`);
  return area;
}
