import type { PreparationProgress } from '@sandport/preparation';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';

const WHAT_IS_TRIED: Readonly<Record<PreparationProgress['step'], string>> = {
  create: 'making the provider',
  health: 'looking at its health',
  languages: 'running a program in each language',
  limits: 'breaking each limit',
  latency: 'measuring calls',
  cases: 'putting the contract to the test',
  close: 'closing the provider',
};

/** Tells on stderr, a line for each step, how far a trial has come. */
export function writeProgress(context: CliContext, providerId: string): (progress: PreparationProgress) => void {
  const colors = colorsFor(context.stderr, context);
  let current: PreparationProgress['step'] | undefined;
  return ({ step, total }) => {
    if (step === current) return;
    current = step;
    context.stderr.write(colors.dim(`trial of ${providerId}: ${WHAT_IS_TRIED[step]}${total > 1 ? ` (${total})` : ''}\n`));
  };
}
