import type { JsonObject, Language } from '@sandport/core';
import { z } from 'zod';
import { JAVASCRIPT_PROGRAM } from './javascript-program.ts';
import { PYTHON_PROGRAM } from './python-program.ts';

/**
 * The programs that do in a sandbox what its own interface has no call for. What they are to do comes as their arguments, what came of it is their value: a command
 * writes to the program's own stdout and stderr, and nothing that it prints is mistaken for its exit code.
 */
export const SESSION_PROGRAMS: Readonly<Record<Language, string>> = { python: PYTHON_PROGRAM, javascript: JAVASCRIPT_PROGRAM };

/** Entries of a folder that are listed at most. */
const MAX_ENTRIES = 10_000;

/** What can be asked of the program, with the shape of what it says. The program is in the sandbox: its word is checked. */
export interface Operation<Said> {
  readonly given: JsonObject;
  readonly said: z.ZodType<Said>;
}

/** Where commands run, as it was found in the sandbox. */
export interface SessionPlace {
  /** Absolute path. */
  readonly workFolder: string;
  /** Path of the shell. */
  readonly shell: string;
}

/** A command, checked. */
export interface Command {
  readonly text: string;
  /** Absolute, or relative to the work folder. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Asks where commands run. */
export const FIND_PLACE: Operation<SessionPlace> = {
  given: { operation: 'place' },
  said: z.strictObject({ workFolder: z.string().startsWith('/'), shell: z.string().startsWith('/') }),
};

const commandSaid = z.union([z.strictObject({ exitCode: z.int().min(0).max(255) }), z.strictObject({ isNoFolder: z.literal(true) })]);

/** Runs a command. One that a signal ended has 128 and the signal's number as its exit code, as shells say it. */
export function runCommand({ text, workingDirectory, environment }: Command): Operation<z.output<typeof commandSaid>> {
  return { given: { operation: 'command', text, workingDirectory, environment: { ...environment } }, said: commandSaid };
}

const statSaid = z.strictObject({
  found: z.strictObject({ type: z.enum(['file', 'directory', 'other']), size: z.number().min(0) }).nullable(),
});

/** Looks at a path, through links. */
export function statPath(path: string): Operation<z.output<typeof statSaid>> {
  return { given: { operation: 'stat', path }, said: statSaid };
}

const listSaid = z.strictObject({
  entries: z
    .array(z.strictObject({ name: z.string(), type: z.enum(['file', 'directory', 'symlink', 'other']) }))
    .max(MAX_ENTRIES)
    .nullable(),
});

/** Lists a folder. */
export function listFolder(path: string): Operation<z.output<typeof listSaid>> {
  return { given: { operation: 'list', path, count: MAX_ENTRIES }, said: listSaid };
}

const deleteSaid = z.strictObject({ isDeleted: z.boolean() });

/** Deletes a file, or a link itself. */
export function deleteFile(path: string): Operation<z.output<typeof deleteSaid>> {
  return { given: { operation: 'delete', path }, said: deleteSaid };
}
