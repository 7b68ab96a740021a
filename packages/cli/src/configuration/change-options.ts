import { Option, type Command } from 'commander';
import type { AuthorshipOptions } from '../authorship.ts';
import { addProgressOptions, type ProgressOptions } from '../progress-option.ts';

/** Options of commands that make a version, and use it. */
export interface ActivationOptions extends AuthorshipOptions, ProgressOptions {
  readonly settings?: string;
  /** `false` with `--no-test`. */
  readonly test?: boolean;
  /** Why a version is used although its trial failed, or the policy speaks against it. */
  readonly override?: string;
}

/** Options of commands that may leave it at a draft. */
export interface ChangeOptions extends ActivationOptions {
  readonly draft?: boolean;
}

/** Adds `--author` and `--reason`. */
export function addAuthorshipOptions(command: Command): Command {
  return command
    .option('--author <name>', 'who does it; else $SANDPORT_AUTHOR, else user@host')
    .option('--reason <text>', 'why, for the history');
}

/** Adds what commands take that put a version in use. */
export function addActivationOptions(command: Command): Command {
  return addProgressOptions(
    addAuthorshipOptions(command)
      .option('--no-test', 'use it without a trial, where no policy asks for one')
      .option('--override <reason>', 'use it although the trial fails or the policy forbids it; the reason is recorded'),
  );
}

/** Adds what commands take that change something. */
export function addChangeOptions(command: Command): Command {
  return addActivationOptions(command).addOption(new Option('--draft', 'store it without using it').conflicts(['override']));
}
