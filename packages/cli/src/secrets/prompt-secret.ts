import type { CliContext } from '../cli-context.ts';
import { readTypedLine, type TypedField } from '../terminal/read-typed-line.ts';

/**
 * Asks the person at the terminal for a secret. Nothing of what is typed is shown.
 *
 * @throws SandboxError `CANCELLED` when the person gives up, `REQUEST_INVALID` for what cannot have been typed on purpose.
 */
export async function promptSecret(context: CliContext, field: TypedField): Promise<string> {
  const { stdin, stderr } = context;
  stderr.write(`${field.name} (not shown): `);
  stdin.setRawMode?.(true);
  try {
    return await readTypedLine(context, field);
  } finally {
    stdin.setRawMode?.(false);
    // A terminal that is listened to keeps the process alive.
    stdin.pause();
    stderr.write('\n');
  }
}
