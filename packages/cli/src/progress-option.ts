import type { Command } from 'commander';

/** Options of verbs whose work takes long. */
export interface ProgressOptions {
  readonly json?: boolean;
  /** Whether progress is told beside a document. */
  readonly progress?: boolean;
}

/** Adds `--json`, and `--progress` that goes with it. */
export function addProgressOptions(command: Command): Command {
  return command.option('--json', 'one JSON document on stdout').option('--progress', 'with --json: tell on stderr how far it has come');
}

/** Whether nothing is said on the way: whoever asks for a document has to ask for that, too. */
export function isQuiet({ json = false, progress = false }: ProgressOptions): boolean {
  return json && !progress;
}
