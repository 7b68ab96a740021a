import type { ExecutionRecord } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { printableLine } from '../printable-text.ts';
import { writeTable } from '../write-table.ts';
import type { Comparison, Difference } from './difference.ts';

/** Rows of each table that are shown; `--json` has all. */
const SHOWN_ROWS = 50;
/** Length of what is shown of each side. */
const SHOWN_LENGTH = 60;

/** Writes what was found as tables for a person. */
export function writeComparison(context: CliContext, comparison: Comparison, recorded: ExecutionRecord, replayed: ExecutionRecord): void {
  const { stdout } = context;
  const colors = colorsFor(stdout, context);
  const { differences, notes } = comparison;
  const count = `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}`;
  const verdict = differences.length === 0 ? `${colors.green('✔')} the same` : `${colors.red('✘')} ${count}`;
  const places = `recorded on ${placeOf(recorded)}, replayed on ${placeOf(replayed)}`;
  stdout.write(`${verdict} ${colors.dim(`· ${printableLine(places)}`)}\n`);
  writeRows(context, differences);
  if (notes.length > 0) stdout.write('Not counted, for the program is not the cause of it:\n');
  writeRows(context, notes);
}

function placeOf({ provider }: ExecutionRecord): string {
  return `${provider.id} (${provider.isolation.kind})`;
}

function writeRows({ stdout }: CliContext, found: readonly Difference[]): void {
  if (found.length === 0) return;
  const rows = found.slice(0, SHOWN_ROWS).map(({ field, line, recorded, replayed }) => {
    const from = commonStart(recorded, replayed);
    return [line === undefined ? field : `${field}, line ${line}`, shown(recorded, from), shown(replayed, from)];
  });
  writeTable(stdout, [['', 'recorded', 'replayed'], ...rows], '  ');
  if (found.length > SHOWN_ROWS) stdout.write(`  and ${found.length - SHOWN_ROWS} more\n`);
}

/** From where long texts are shown, so that what differs is seen. */
function commonStart(recorded: string | null, replayed: string | null): number {
  if (recorded === null || replayed === null) return 0;
  let common = 0;
  while (common < recorded.length && recorded[common] === replayed[common]) common += 1;
  return common < SHOWN_LENGTH - 10 ? 0 : common - 10;
}

function shown(text: string | null, from: number): string {
  if (text === null) return '(none)';
  if (text === '') return '(empty)';
  return `${from > 0 ? '…' : ''}${printableLine(text.slice(from, from + 4 * SHOWN_LENGTH), SHOWN_LENGTH)}`;
}
