import type { Passport } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { formatDuration } from '../format-duration.ts';
import { printableLine } from '../printable-text.ts';
import { describeFailures } from './describe-passport.ts';

/** Says on stderr, in a line or a few, what came of a trial. */
export function writeOutcome(context: CliContext, passport: Passport): void {
  const colors = colorsFor(context.stderr, context);
  const { providerId, passed, durationMs, isolation, languages } = passport;
  const time = formatDuration(durationMs);
  if (passed) {
    const facts = [isolation?.kind, ...languages].filter((fact) => fact !== undefined).join(', ');
    context.stderr.write(`${colors.green('✔')} "${providerId}" passed its trial in ${time} ${colors.dim(`· ${facts}`)}\n`);
    return;
  }
  context.stderr.write(`${colors.red('✘')} "${providerId}" failed its trial after ${time}\n`);
  for (const failure of describeFailures(passport)) context.stderr.write(`    ${printableLine(failure)}\n`);
}
