import { jsonAnswer, emptyAnswer, type Answer } from '../http/answer.ts';
import { expiredControlToken } from './access/authenticate-control.ts';
import { expiredDataToken } from './access/authenticate-data.ts';
import type { AgentRunFault } from './agent-run-fault.ts';
import type { AgentRunPlane } from './agent-run-operation.ts';
import { findFault } from './call.ts';
import { errorAnswer, htmlAnswer, textAnswer, usualCode } from './error-answers.ts';
import { gatewayError, serviceError } from './service-error.ts';

type StatusFault = Extract<AgentRunFault, { kind: 'status' }>;

/** What answers that are no work are made from. */
export interface AnswerPlace {
  readonly plane: AgentRunPlane | undefined;
  readonly requestId: string;
  readonly nowMs: number;
  readonly faults: readonly AgentRunFault[];
}

function statusAnswer(fault: StatusFault, place: AnswerPlace): Answer {
  const headers = retryHeaders(fault, place.nowMs);
  const answer = (): Answer => {
    switch (fault.body ?? 'json') {
      case 'html':
        return htmlAnswer(fault.status);
      case 'text':
        return textAnswer(fault.status);
      case 'empty':
        return emptyAnswer(fault.status);
      case 'json': {
        const make = place.plane === 'control' ? gatewayError : serviceError;
        const error = make(
          fault.status,
          fault.code ?? usualCode(place.plane, fault.status),
          fault.message ?? 'The request failed on demand',
        );
        return errorAnswer(error, place.requestId, findFault(place.faults, 'nested-error') !== undefined);
      }
    }
  };
  const made = answer();
  return { ...made, headers: { ...made.headers, ...headers } };
}

function retryHeaders({ retryAfter }: StatusFault, nowMs: number): Record<string, string> {
  if (retryAfter === undefined) return {};
  const value = 'seconds' in retryAfter ? String(retryAfter.seconds) : new Date(nowMs + retryAfter.dateInMs).toUTCString();
  return { 'retry-after': value };
}

/** The answer that a fault gives in place of the work, if one does. */
export function answerInsteadOfWork(place: AnswerPlace): Answer | undefined {
  const { faults, plane, requestId } = place;
  const isNested = findFault(faults, 'nested-error') !== undefined;
  const status = faults.find((fault): fault is StatusFault => fault.kind === 'status' && fault.afterWork !== true);
  if (status !== undefined) return statusAnswer(status, place);
  if (findFault(faults, 'expired-token') !== undefined)
    return errorAnswer(plane === 'control' ? expiredControlToken() : expiredDataToken(), requestId, isNested);
  const exists = findFault(faults, 'already-exists');
  if (exists !== undefined) {
    const code = exists.status === 500 ? 'ERR_INTERNAL_SERVER_ERROR' : exists.status === 400 ? 'ERR_BAD_REQUEST' : 'ERR_CONFLICT';
    return errorAnswer(serviceError(exists.status ?? 409, code, 'the resource already exists'), requestId, isNested);
  }
  const inBand = findFault(faults, 'in-band-failure');
  if (inBand === undefined) return undefined;
  return jsonAnswer(200, { code: inBand.code ?? 'FAILED', requestId, message: inBand.message ?? 'sandbox not found' });
}

/** What faults make of the answer to work that was done. */
export function spoilAnswer(answer: Answer, place: AnswerPlace): Answer {
  const status = place.faults.find((fault): fault is StatusFault => fault.kind === 'status' && fault.afterWork === true);
  if (status !== undefined) return statusAnswer(status, place);
  const empty = findFault(place.faults, 'empty-answer');
  if (empty !== undefined) return emptyAnswer(empty.status ?? 204);
  if (findFault(place.faults, 'invalid-json') === undefined) return answer;
  const body = answer.body.length > 1 ? answer.body.subarray(0, -1) : Buffer.from('{');
  return { status: 200, headers: { ...answer.headers, 'content-type': 'application/json' }, body };
}
