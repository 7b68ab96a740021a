import type { CliContext } from '../cli-context.ts';
import { writeJson } from '../write-json.ts';
import type { ChangeOptions } from './change-options.ts';
import type { ChangeOutcome } from './make-change.ts';

/** Says what came of a change: one document with `--json`, else a sentence on stdout, and on stderr what can be done with a draft. */
export function writeChange(context: CliContext, { json }: ChangeOptions, outcome: ChangeOutcome, sentence: string): void {
  if (json === true) return writeJson(context.stdout, outcome);
  const { version, state, override } = outcome;
  if (state === 'draft') {
    context.stdout.write(`Stored as draft ${version}.\n`);
    context.stderr.write(`Nothing is different yet. Try it with: sandport config test --version ${version}\n`);
    context.stderr.write(`Use it with: sandport config activate ${version}\n`);
    return;
  }
  context.stdout.write(`${sentence}\n`);
  context.stderr.write(
    `Version ${version} is in use${override === null ? '' : ', although the policy speaks against it; the reason is recorded'}.\n`,
  );
}
