import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Language } from '@sandport/core';
import { describeFailure, StepFailure } from '../describe-failure.ts';
import { describeEnd, runProgram, type TrialScene } from '../run-program.ts';

/** Gives two arguments back the other way round, so that nobody can know the value beforehand. */
export const LANGUAGE_PROGRAMS: Readonly<Record<Language, string>> = {
  python: 'def main(left, right):\n    return [right, left]\n',
  javascript: 'const main = ({ left, right }) => [right, left];\n',
};

/** Runs a program in every language that the provider declares. */
export async function tryLanguages(scene: TrialScene): Promise<void> {
  const { trial, record } = scene;
  const { languages } = scene.provider.capabilities;
  trial.begin('languages', languages.length, 'Running a program in each language');
  for (const language of languages) {
    trial.beginPart(language);
    const problem = await problemOf(scene, language);
    if (problem === undefined) record.addLanguage(language);
    else record.addProblem(`${language} does not run: ${problem}.`);
    trial.endPart(problem === undefined ? `${language} runs` : `${language} does not run: ${problem}`);
  }
  if (record.languages.length === 0) throw new StepFailure('No program could be run.');
}

async function problemOf(scene: TrialScene, language: Language): Promise<string | undefined> {
  const [left, right] = [randomUUID(), randomUUID()];
  try {
    const result = await runProgram(scene, { code: LANGUAGE_PROGRAMS[language], language, arguments: { left, right } });
    if (result.status !== 'completed') return describeEnd(result);
    return isDeepStrictEqual(result.value, [right, left]) ? undefined : 'the program gave another value than it returned';
  } catch (error) {
    if (scene.trial.isOver) throw error;
    return describeFailure(error);
  }
}
