import { basename } from 'node:path';
import { z } from 'zod';
import { keySourceInvalid } from './key-errors.ts';

/** The variable that names the command. */
export const COMMAND_VARIABLE = 'SANDPORT_MASTER_KEY_COMMAND';

/** A program that prints the master keys, for example the command of a key management service. */
export interface KeyCommand {
  readonly program: string;
  readonly args: readonly string[];
}

const argvSchema = z
  .array(z.string().refine((text) => !text.includes('\0')))
  .refine(([program]) => program !== undefined && program !== '');

/**
 * Reads a command: a JSON array of program and arguments, or the plain path of a program. There is no shell, so nothing in it is expanded.
 *
 * @throws SandboxError `CONFIG_INVALID`; the text is not quoted, since arguments may hold secrets.
 */
export function parseKeyCommand(text: string): KeyCommand {
  const trimmed = text.trim();
  const argv = trimmed.startsWith('[') ? argvSchema.safeParse(parseJson(trimmed)).data : plainProgram(trimmed);
  const [program, ...args] = argv ?? [];
  if (program === undefined) {
    throw keySourceInvalid(
      COMMAND_VARIABLE,
      'is neither a JSON array of texts nor the path of a program without spaces',
      'Write program and arguments as a JSON array, for example ["vault", "kv", "get", "-field=key", "secret/sandport"].',
    );
  }
  return { program, args };
}

/** How errors name a command: by its program's name, without folder and arguments. */
export function keyCommandSource({ program }: KeyCommand): string {
  return `the key command "${basename(program)}"`;
}

/** One word is a path. More words would be a line for a shell, which there is none of. */
function plainProgram(text: string): string[] | undefined {
  return /^\S+$/.test(text) && !text.includes('\0') ? [text] : undefined;
}

/** The finding of the parser is dropped on purpose: it quotes the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
