import picocolors from 'picocolors';
import type { CliContext, TextOutput } from './cli-context.ts';

/** Words of FORCE_COLOR that ask for none. */
const NO_COLORS = ['0', 'false'];

/** Colours for a stream: on a terminal that has them, and where FORCE_COLOR asks for them; never where NO_COLOR forbids them. */
export function colorsFor(output: TextOutput, { environment }: Pick<CliContext, 'environment'>) {
  return picocolors.createColors(wantsColors(output, environment));
}

function wantsColors({ isTTY }: TextOutput, { NO_COLOR = '', FORCE_COLOR = '', TERM }: CliContext['environment']): boolean {
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return !NO_COLORS.includes(FORCE_COLOR);
  return isTTY === true && TERM !== 'dumb';
}
