import type { ExecutionRequestInput, Language } from '@sandport/core';

/** A program that both sides of a comparison run. */
export interface ComparisonProgram {
  /** `<subject>/<name>[<language>]`. */
  readonly id: string;
  /** What it does, in words. */
  readonly title: string;
  readonly language: Language;
  readonly code: string;
  /** What it is run with, besides the code. */
  readonly request: Readonly<Omit<ExecutionRequestInput, 'code' | 'language' | 'onOutput' | 'tenant'>>;
}

/** A program in one language or in two that say the same. */
export interface ProgramTexts {
  readonly title: string;
  readonly python?: string;
  /** Runs with Node and without. */
  readonly javascript?: string;
  readonly request?: ComparisonProgram['request'];
}

/** Ids begin with the name. */
export function programsOf(name: string, { title, python, javascript, request = {} }: ProgramTexts): ComparisonProgram[] {
  const codes = { python, javascript };
  return (['python', 'javascript'] as const).flatMap((language) => {
    const code = codes[language];
    return code === undefined ? [] : [{ id: `${name}[${language}]`, title, language, code, request }];
  });
}
