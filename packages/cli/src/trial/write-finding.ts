import type { TrialFinding } from '@sandport/preparation';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { printableLine } from '../printable-text.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';

/** Tells on stderr what a trial has found that is to be mended, and how. What is as it should be is told by the passport. */
export function writeFinding(context: CliContext, line: ProgressLine): (finding: TrialFinding) => void {
  const colors = colorsFor(context.stderr, context);
  return ({ outcome, title, message, remedy }) => {
    if (outcome !== 'failed' && outcome !== 'warning') return;
    line.clear();
    const sign = outcome === 'failed' ? colors.red('✘') : colors.yellow('!');
    context.stderr.write(`  ${sign} ${printableLine(title)}: ${printableLine(message)}\n`);
    if (remedy !== undefined) context.stderr.write(`    ${printableLine(remedy)}\n`);
  };
}
