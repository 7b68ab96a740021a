import type { TextOutput } from './cli-context.ts';
import { printableLine } from './printable-text.ts';

/** Longest text of one cell; `--json` has the whole. */
const CELL_MAX_LENGTH = 200;

/** Writes rows with their columns under each other. */
export function writeTable(output: TextOutput, rows: readonly (readonly string[])[], indent = ''): void {
  const cells = rows.map((row) => row.map((cell) => printableLine(cell, CELL_MAX_LENGTH)));
  const widths: number[] = [];
  for (const row of cells) for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  for (const row of cells)
    output.write(
      `${indent}${row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}
