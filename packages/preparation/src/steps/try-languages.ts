import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';
import type { Language } from '@sandport/core';
import { problemOfError, problemOfText, StepFailure, type Problem } from '../describe-failure.ts';
import { describeEnd, printedBy, runProgram, type TrialScene } from '../run-program.ts';

/** Gives two arguments back the other way round, so that nobody can know the value beforehand. */
export const LANGUAGE_PROGRAMS: Readonly<Record<Language, string>> = {
  python: 'def main(left, right):\n    return [right, left]\n',
  javascript: 'const main = ({ left, right }) => [right, left];\n',
};

/** Runs a program in every language that the provider declares. */
export async function tryLanguages(scene: TrialScene): Promise<void> {
  const { trial, record } = scene;
  const { languages } = scene.capabilities;
  trial.begin('languages', languages.length, 'Running a program in each language');
  for (const language of languages) {
    trial.beginPart(language);
    const startedAt = performance.now();
    const { problem, output } = await runIn(scene, language);
    if (problem === undefined) record.addLanguage(language);
    else record.addProblem(`${language} does not run: ${problem.text}.`);
    trial.find({
      kind: 'language',
      id: language,
      title: `A ${language} program gives back what nobody could know beforehand`,
      outcome: problem === undefined ? 'passed' : 'failed',
      message: problem?.message ?? `${language} runs.`,
      durationMs: performance.now() - startedAt,
      output,
      remedy: problem?.remedy,
    });
    trial.endPart(problem === undefined ? `${language} runs` : `${language} does not run: ${problem.text}`);
  }
  if (record.languages.length === 0) throw new StepFailure('No program could be run.');
}

/** What came of a program; without a problem it did what it should. */
async function runIn(scene: TrialScene, language: Language): Promise<{ readonly problem?: Problem; readonly output?: string }> {
  const [left, right] = [randomUUID(), randomUUID()];
  try {
    const result = await runProgram(scene, { code: LANGUAGE_PROGRAMS[language], language, arguments: { left, right } });
    const output = printedBy(result);
    if (result.status !== 'completed') return { problem: problemOfText(describeEnd(result)), output };
    if (isDeepStrictEqual(result.value, [right, left])) return { output };
    return { problem: problemOfText('the program gave another value than it returned'), output };
  } catch (error) {
    if (scene.trial.isOver) throw error;
    return { problem: problemOfError(error) };
  }
}
