import type { HealthCheck } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { printableLine } from '../printable-text.ts';

/** Writes findings on stdout, or on another output, each with its remedy below it. */
export function writeChecks(context: CliContext, checks: readonly HealthCheck[], output = context.stdout): void {
  const colors = colorsFor(output, context);
  const marks = { ok: colors.green('✔'), warning: colors.yellow('!'), failed: colors.red('✘') };
  const width = Math.max(...checks.map((check) => check.name.length));
  for (const { name, status, message, remedy } of checks) {
    output.write(`${marks[status]} ${name.padEnd(width)}  ${printableLine(message, 2000)}\n`);
    if (remedy !== undefined) output.write(`  ${' '.repeat(width)}  ${colors.cyan('→')} ${printableLine(remedy, 2000)}\n`);
  }
}
