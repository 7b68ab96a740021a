import type { TextOutput } from './cli-context.ts';

/** Writes the one JSON document of a `--json` call. */
export function writeJson(output: TextOutput, document: unknown): void {
  output.write(`${JSON.stringify(document, null, 2)}\n`);
}
