import { emptyAnswer, type Answer } from '../http/answer.ts';
import { plainJson } from './plain-json.ts';
import { findRagflowFault, type RagflowFault } from './ragflow-fault.ts';
import type { RagflowOperation } from './ragflow-operation.ts';
import { internalError, POOL_BUSY, RATE_LIMITED, unhandledException, type RunAnswer } from './run-answer.ts';

const MESSAGE = 'The request failed on demand';
const HTML = 'text/html; charset=utf-8';

type StatusFault = Extract<RagflowFault, { kind: 'status' }>;

/** The answer that a fault gives in place of the work, if one does. */
export function answerInstead(faults: readonly RagflowFault[], operation: RagflowOperation | undefined): Answer | undefined {
  const status = findRagflowFault(faults, 'status');
  if (status !== undefined && status.afterWork !== true) return statusAnswer(status);
  if (findRagflowFault(faults, 'foreign-body') !== undefined) {
    return {
      status: 200,
      headers: { 'content-type': HTML },
      body: Buffer.from('<!DOCTYPE html>\n<title>Guests</title>\n<h1>Please log in</h1>\n'),
    };
  }
  const refused = operation === 'Run' ? faults.map(refusalOf).find((answer) => answer !== undefined) : undefined;
  return refused === undefined ? undefined : plainJson(200, refused);
}

/** What faults make of the answer to work that was done. */
export function spoilAnswer(answer: Answer, faults: readonly RagflowFault[]): Answer {
  const status = findRagflowFault(faults, 'status');
  if (status !== undefined) return statusAnswer(status);
  const other = findRagflowFault(faults, 'other-answer');
  if (other !== undefined) {
    const own = JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>;
    return plainJson(answer.status, { ...own, ...other.members });
  }
  return findRagflowFault(faults, 'invalid-json') === undefined ? answer : { ...answer, body: answer.body.subarray(0, -1) };
}

function refusalOf(fault: RagflowFault): RunAnswer | undefined {
  switch (fault.kind) {
    case 'pool-busy':
      return POOL_BUSY;
    case 'rate-limited':
      return RATE_LIMITED;
    case 'internal-error':
      return internalError(fault.message ?? MESSAGE);
    case 'unhandled-exception':
      return unhandledException(fault.message ?? MESSAGE);
    default:
      return undefined;
  }
}

function statusAnswer(fault: StatusFault): Answer {
  const made = bodyOf(fault);
  if (fault.retryAfterSeconds === undefined) return made;
  return { ...made, headers: { ...made.headers, 'retry-after': String(fault.retryAfterSeconds) } };
}

function bodyOf({ status, body = 'json' }: StatusFault): Answer {
  switch (body) {
    case 'json':
      return plainJson(status, { detail: MESSAGE });
    case 'html':
      return { status, headers: { 'content-type': HTML }, body: Buffer.from(`<html><h1>${status}</h1></html>\n`) };
    case 'text':
      return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(MESSAGE) };
    case 'empty':
      return emptyAnswer(status);
  }
}
