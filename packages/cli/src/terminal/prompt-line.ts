import type { CliContext } from '../cli-context.ts';
import { printableLine } from '../printable-text.ts';
import { readTypedLine, type TypedField } from './read-typed-line.ts';

/**
 * Asks the person at the terminal for a value that may be seen. The terminal itself shows what is typed.
 *
 * @param preset what the return key alone stands for
 * @returns the text without space around it; empty when there is no preset and nothing was typed.
 * @throws SandboxError `CANCELLED` when the person gives up, `REQUEST_INVALID` for what cannot have been typed on purpose.
 */
export async function promptLine(context: CliContext, field: TypedField, preset?: string): Promise<string> {
  context.stderr.write(`${field.name}${preset === undefined ? '' : ` [${printableLine(preset)}]`}: `);
  try {
    const text = (await readTypedLine(context, field)).trim();
    return text === '' ? (preset ?? '') : text;
  } finally {
    // A terminal that is listened to keeps the process alive.
    context.stdin.pause();
  }
}
