import { inspect } from 'node:util';
import { SandboxError, toErrorPayload } from '@sandport/core';
import type { CliContext } from './cli-context.ts';
import { colorsFor } from './colors-for.ts';
import { printableLine } from './printable-text.ts';
import { writeJson } from './write-json.ts';

/** How a failure is told. */
export interface ReportOptions {
  readonly json?: boolean | undefined;
  readonly debug?: boolean | undefined;
}

/** Tells a failure: as one JSON document, or as its message with the advice on the next line. The stack comes with `--debug` only. */
export function reportError(context: CliContext, error: unknown, { json, debug }: ReportOptions): void {
  if (json === true) {
    writeJson(context.stdout, { status: 'error', error: toErrorPayload(error) });
  } else {
    const colors = colorsFor(context.stderr, context);
    const [message, suggestion] = textOf(error);
    context.stderr.write(`${colors.red('error:')} ${printableLine(message, 2000)}\n`);
    if (suggestion !== undefined) context.stderr.write(`  ${colors.cyan('→')} ${printableLine(suggestion, 2000)}\n`);
  }
  if (debug === true) context.stderr.write(`${inspect(error, { depth: 8 })}\n`);
}

/** Tells of a failure that did not change what the command brought back. */
export function reportWarning(context: CliContext, warning: SandboxError): void {
  const colors = colorsFor(context.stderr, context);
  context.stderr.write(`${colors.yellow('warning:')} ${printableLine(warning.message)}\n`);
  if (warning.suggestion !== undefined) context.stderr.write(`  ${colors.cyan('→')} ${printableLine(warning.suggestion)}\n`);
}

function textOf(error: unknown): readonly [string, string | undefined] {
  if (SandboxError.isInstance(error)) return [error.message, error.suggestion];
  return [error instanceof Error ? error.message : String(error), 'This is a fault of Sandport; report it with the output of --debug.'];
}
