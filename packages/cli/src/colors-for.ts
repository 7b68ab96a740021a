import picocolors from 'picocolors';
import type { CliContext, TextOutput } from './cli-context.ts';

/** Colours for a stream: on a terminal, unless NO_COLOR asks for none. */
export function colorsFor(output: TextOutput, { environment }: Pick<CliContext, 'environment'>) {
  return picocolors.createColors(output.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb');
}
