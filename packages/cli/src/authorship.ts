import type { CliContext } from './cli-context.ts';

/** Who changes the configuration, and why, as the command line says it. */
export interface AuthorshipOptions {
  readonly author?: string;
  readonly reason?: string;
}

/** The author: `--author`, else `SANDPORT_AUTHOR`, else who runs the command. */
export function authorOf({ environment, operator }: CliContext, { author }: AuthorshipOptions): string {
  const named = environment['SANDPORT_AUTHOR'] ?? '';
  return author ?? (named === '' ? operator : named);
}
