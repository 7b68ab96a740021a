import { useTranslation } from 'react-i18next';
import type { InputProblem } from './playground-input.ts';

/** What is wrong with an input, in the language of the page. */
export function useProblemText(): (problem: InputProblem) => string {
  const { t } = useTranslation();
  return ({ key, values }) => t(`playground.problems.${key}`, values);
}
