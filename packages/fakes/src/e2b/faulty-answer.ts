import { emptyAnswer, jsonAnswer, type Answer } from '../http/answer.ts';
import { isStreamed, type Call, type E2bAnswer } from './call.ts';
import { findE2bFault, type E2bFault } from './e2b-fault.ts';
import {
  answerToError,
  captiveAnswer,
  connectCodeOf,
  connectEndAnswer,
  connectErrorAnswer,
  htmlAnswer,
  textAnswer,
} from './error-answers.ts';
import { portClosed, sandboxGone, sandboxUnknown } from './service-error.ts';

type StatusFault = Extract<E2bFault, { kind: 'status' }>;

const MESSAGE = 'The request failed on demand';

function statusBody(fault: StatusFault, call: Call): Answer {
  const { status, message = MESSAGE } = fault;
  switch (fault.body ?? 'json') {
    case 'html':
      return htmlAnswer(status);
    case 'text':
      return textAnswer(status);
    case 'empty':
      return emptyAnswer(status);
    case 'connect':
      if (status === 200) return connectEndAnswer(fault.code ?? 'unavailable', message);
      return connectErrorAnswer(status, fault.code ?? connectCodeOf(status), message);
    case 'json':
      if (call.route.plane === 'interpreter') return textAnswer(status, message);
      return jsonAnswer(status, { code: status, message, error_code: fault.errorCode });
  }
}

function statusAnswer(fault: StatusFault, call: Call): Answer {
  const made = statusBody(fault, call);
  if (fault.retryAfter === undefined) return made;
  const { retryAfter } = fault;
  const nowMs = call.state.settings.now();
  const value = 'seconds' in retryAfter ? String(retryAfter.seconds) : new Date(nowMs + retryAfter.dateInMs).toUTCString();
  return { ...made, headers: { ...made.headers, 'retry-after': value } };
}

/** The answer that a fault gives in place of the work, if one does. */
export function answerInsteadOfWork(call: Call): Answer | undefined {
  const { faults, route } = call;
  const status = faults.find((fault): fault is StatusFault => fault.kind === 'status' && fault.afterWork !== true);
  if (status !== undefined) return statusAnswer(status, call);
  if (findE2bFault(faults, 'foreign-body') !== undefined) return captiveAnswer();
  const sandboxId = route.sandboxId ?? call.sandbox?.id ?? '';
  if (findE2bFault(faults, 'closed-port') !== undefined && route.plane !== 'control')
    return answerToError(portClosed(sandboxId, route.port));
  if (findE2bFault(faults, 'false-gone') === undefined) return undefined;
  return answerToError(route.plane === 'control' ? sandboxUnknown(sandboxId) : sandboxGone(sandboxId));
}

/** The answer that a fault gives after the work, in place of its own. */
export function answerAfterWork(call: Call): Answer | undefined {
  const status = call.faults.find((fault): fault is StatusFault => fault.kind === 'status' && fault.afterWork === true);
  return status === undefined ? undefined : statusAnswer(status, call);
}

/** What faults make of the answer to work that was done. Those that spoil streams do it where they are sent. */
export function spoilAnswer(answer: E2bAnswer, { faults }: Call): E2bAnswer {
  if (isStreamed(answer) || findE2bFault(faults, 'invalid-json') === undefined) return answer;
  const body = answer.body.length > 1 ? answer.body.subarray(0, -1) : Buffer.from('{');
  return { status: 200, headers: { ...answer.headers, 'content-type': 'application/json' }, body };
}
