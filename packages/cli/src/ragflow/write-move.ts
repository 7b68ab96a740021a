import { providerConfigSetting } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { writeTable } from '../write-table.ts';
import type { CarriedProvider, RagflowMove } from './plan-move.ts';

/** Shows what is carried over and what is left behind, without values. */
export function writeMove(context: CliContext, { from, carried, leftBehind }: RagflowMove): void {
  const { stdout } = context;
  const colors = colorsFor(stdout, context);
  stdout.write(`from      ${from}\n`);
  if (carried.length > 0) {
    stdout.write(`\n${colors.bold('carried')}\n`);
    writeTable(stdout, carried.map(lineOf), '  ');
  }
  if (leftBehind.length === 0) return;
  stdout.write(`\n${colors.bold('left behind')}\n`);
  writeTable(
    stdout,
    leftBehind.map(({ row, field, reason, advice }) => [row, field ?? '(row)', reason, advice]),
    '  ',
  );
}

function lineOf({ providerId, fields, secretFields, isCarried, replaces }: CarriedProvider): string[] {
  const names = fields.map((field) => (secretFields.includes(field) ? `${field} (sealed)` : field)).join(', ');
  const remarks = [
    ...(replaces ? ['replaces what is stored'] : []),
    ...(isCarried ? [] : ['this command has no such provider, so it was not checked']),
  ];
  return [providerConfigSetting(providerId), names === '' ? 'no field' : names, remarks.join('; ')];
}
