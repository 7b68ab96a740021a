import { jsonAnswer, type Answer } from '../../http/answer.ts';
import type { KernelError, KernelOutcome } from '../../execution/kernel.ts';
import type { OutputPiece } from '../../execution/output-recorder.ts';
import { findFault, type Call } from '../call.ts';
import { serviceError } from '../service-error.ts';
import type { SandboxContext } from '../state/fake-sandbox.ts';
import { htmlAnswer } from '../error-answers.ts';

type Item = Readonly<Record<string, unknown>>;

/** Writes what became of code as the service does: a list of items in the order in which they came about. */
export function executionAnswer(call: Call, context: SandboxContext, timeoutSeconds: number, outcome: KernelOutcome): Answer {
  if (outcome.status === 'timeout') {
    const wanted = findFault(call.faults, 'timeout-answer')?.answer ?? call.state.settings.executionTimeoutAnswer;
    if (wanted === 'request-timeout') throw serviceError(408, 'REQUEST_TIMEOUT', 'The execution took too long');
    if (wanted === 'gateway-timeout') return htmlAnswer(504);
  }
  const error = errorOf(outcome, timeoutSeconds);
  const results: Item[] = [
    ...outputItems(call, outcome.output),
    ...(error === undefined ? resultItems(call, context, outcome) : [errorItem(call, error)]),
    ...(findFault(call.faults, 'no-end-of-execution') === undefined
      ? [{ type: 'endOfExecution', status: outcome.status === 'died' ? 'error' : outcome.status }]
      : []),
  ];
  return jsonAnswer(200, { contextId: context.id, results });
}

function errorOf(outcome: KernelOutcome, timeoutSeconds: number): KernelError | undefined {
  if (outcome.status === 'timeout') {
    const value = `Execution timed out after ${timeoutSeconds} seconds`;
    return { name: 'TimeoutError', value, traceback: `TimeoutError: ${value}` };
  }
  if (outcome.status === 'died') return { name: 'DeadKernelError', value: 'Kernel died', traceback: 'DeadKernelError: Kernel died' };
  return outcome.error;
}

/** What follows on each other in one stream is one item, without its last newline; or each piece is one, as it was written. */
function outputItems(call: Call, pieces: readonly OutputPiece[]): Item[] {
  if (findFault(call.faults, 'output-in-pieces') !== undefined) return pieces.map(({ stream, text }) => ({ type: stream, text }));
  const joined: { type: string; text: string }[] = [];
  for (const { stream, text } of pieces) {
    const last = joined.at(-1);
    if (last?.type === stream) last.text += text;
    else joined.push({ type: stream, text });
  }
  return joined.map(({ type, text }) => ({ type, text: text.replace(/\n$/, '') }));
}

/** Code without a value has one nevertheless in the service's answers, of a kind that says so. */
function resultItems(call: Call, context: SandboxContext, outcome: KernelOutcome): Item[] {
  if (findFault(call.faults, 'result-data') !== undefined) {
    const text = outcome.result ?? 'Code executed successfully';
    return [{ type: 'result', data: { 'text/plain': text }, executionCount: outcome.executionCount }];
  }
  if (outcome.result !== undefined) return [{ type: 'result', text: outcome.result }];
  return context.language === 'python' ? [{ type: 'result', text: 'None' }] : [];
}

function errorItem(call: Call, { name, value, traceback }: KernelError): Item {
  switch (findFault(call.faults, 'error-shape')?.shape) {
    case 'value':
      return { type: 'error', value: `${name}: ${value}` };
    case 'ename-evalue':
      return { type: 'error', ename: name, evalue: value };
    case 'name-value':
      return { type: 'error', name, value };
    case 'traceback':
      return { type: 'error', traceback };
    case 'traceback-lines':
      return { type: 'error', ename: name, evalue: value, traceback: traceback.split('\n') };
    case undefined:
      return { type: 'error', text: traceback };
  }
}
