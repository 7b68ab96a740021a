import type { Passport } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { formatDuration } from '../format-duration.ts';
import { printableLine } from '../printable-text.ts';
import { writeTable } from '../write-table.ts';
import { describeFailures, describePassport } from './describe-passport.ts';

/** Writes on stdout what a trial has proven, line by line. */
export function writePassport(context: CliContext, passport: Passport): void {
  const colors = colorsFor(context.stdout, context);
  const { providerId, passed, durationMs } = passport;
  const verdict = passed ? `${colors.green('✔')} passed` : `${colors.red('✘')} FAILED`;
  context.stdout.write(`${providerId}  ${verdict} in ${formatDuration(durationMs)}\n`);
  writeTable(context.stdout, describePassport(passport), '  ');
  for (const failure of describeFailures(passport)) context.stdout.write(`  ${colors.red('✘')} ${printableLine(failure)}\n`);
}
