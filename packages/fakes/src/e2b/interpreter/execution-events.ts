import type { DisplayBundle, KernelOutcome } from '../../execution/kernel.ts';

/** One line of the answer to code. */
export type ExecutionEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** Fields that a result has for the forms of a value. */
const resultFields: Readonly<Record<string, string>> = {
  'text/plain': 'text',
  'text/html': 'html',
  'text/markdown': 'markdown',
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'application/pdf': 'pdf',
  'text/latex': 'latex',
  'application/json': 'json',
  'application/javascript': 'javascript',
  'e2b/data': 'data',
  'e2b/chart': 'chart',
};

/** A value that is shown, or the one that the code ends with, which is the main one. Forms that have no field of their own are in `extra`. */
export function resultEvent(bundle: DisplayBundle, isMain: boolean): ExecutionEvent {
  const fields: Record<string, unknown> = {};
  const extra: Record<string, unknown> = {};
  for (const [type, value] of Object.entries(bundle)) {
    const field = resultFields[type];
    if (field === undefined) extra[type] = value;
    else fields[field] = field === 'text' && isMain && typeof value === 'string' ? unquote(value) : value;
  }
  return { type: 'result', ...fields, ...(Object.keys(extra).length === 0 ? {} : { extra }), is_main_result: isMain };
}

/** The server takes one pair of quotes from the text of the main result. */
function unquote(text: string): string {
  const [first, last] = [text.at(0), text.at(-1)];
  return text.length > 1 && first === last && (first === "'" || first === '"') ? text.slice(1, -1) : text;
}

/** What came of code, behind its output. */
export function outcomeEvents(outcome: KernelOutcome): ExecutionEvent[] {
  if (outcome.status === 'died') {
    const value = 'Context was restarted while the execution was in progress';
    return [{ type: 'error', name: 'ContextRestarting', value, traceback: '' }];
  }
  if (outcome.error !== undefined) return [{ type: 'error', ...outcome.error }];
  const bundle = outcome.bundle ?? (outcome.result === undefined ? undefined : { 'text/plain': outcome.result });
  return bundle === undefined ? [] : [resultEvent(bundle, true)];
}
