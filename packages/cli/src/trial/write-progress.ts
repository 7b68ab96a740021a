import type { PreparationProgress } from '@sandport/preparation';
import type { ProgressLine } from '../terminal/progress-line.ts';

const WHAT_IS_TRIED: Readonly<Record<PreparationProgress['step'], string>> = {
  create: 'making the provider',
  health: 'looking at its health',
  languages: 'running a program in each language',
  limits: 'breaking each limit',
  latency: 'measuring calls',
  cases: 'putting the contract to the test',
  close: 'closing the provider',
};

/** Tells how far a trial has come, step by step. */
export function writeProgress(line: ProgressLine, providerId: string): (progress: PreparationProgress) => void {
  return ({ step, done, total }) => {
    const detail = total > 1 && done > 0 ? `${done} done` : '';
    line.show(`trial of ${providerId}: ${WHAT_IS_TRIED[step]}${total > 1 ? ` (${total})` : ''}`, detail);
  };
}
