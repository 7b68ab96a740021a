import { ERROR_CODES, SandboxError, toErrorPayload, type ErrorPayload } from '@sandport/core';
import { MEDIA_TYPES, toProblem, type Problem } from '@sandport/executor-api';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { discardBodyWhileAnswered } from './discard-body.ts';
import type { OpenAnswers } from './open-answers.ts';
import type { RouteTable } from './route-table.ts';
import { toStoppingProblem } from './stopping-words.ts';
import { ServiceProblem } from './service-problem.ts';

/** What {@link answerProblems} goes by. */
export interface ProblemAnswers {
  readonly table: RouteTable;
  readonly answers: OpenAnswers;
  /** Sends a problem in other words where a route has its own. @default {@link sendProblem} */
  readonly send?: (request: FastifyRequest, reply: FastifyReply, problem: Problem) => FastifyReply;
}

/** Answers every failure as a problem, whatever it was. */
export function answerProblems(
  app: FastifyInstance,
  { table, answers, send = (_request, reply, problem) => sendProblem(reply, problem) }: ProblemAnswers,
): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const problem = problemOf(answers.isWithdrawn ? toStoppingProblem(error) : error);
    if (problem.status >= 500 && problem.code === 'INTERNAL') request.log.error({ err: error }, 'fault');
    return send(request, reply, problem);
  });
  app.addHook('onSend', async (request, reply) => discardBodyWhileAnswered(request, reply));
  // Before anything of a body is read: nobody was asked for a token here.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return undefined;
    const allowed = table.methodsOf(request.url);
    const problem =
      allowed.length === 0
        ? new ServiceProblem('NOT_FOUND', 'There is nothing at this path.')
        : new ServiceProblem('METHOD_NOT_ALLOWED', `Here only ${allowed.join(', ')}.`);
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    return send(request, reply, problem.problem);
  });
}

/** Sends a problem, with the time after which to come again where it has one. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(problem.retryAfterMs / 1000))));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type(MEDIA_TYPES.problem).serializer(JSON.stringify).send(problem);
}

/** Answers what the framework takes for no path. */
export function answerBadPath(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  // No hook is asked about what has no path.
  discardBodyWhileAnswered(request, reply);
  const isTooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
  sendProblem(reply, isTooLong ? new ServiceProblem('NOT_FOUND', 'There is nothing at this path.').problem : refusedInput('path'));
}

/** What a failure is to a caller. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ServiceProblem) return error.problem;
  if (SandboxError.isInstance(error)) {
    const problem = toProblem(error);
    return withRetry(problem, problem.status);
  }
  const { code, statusCode } = typeof error === 'object' && error !== null ? (error as Partial<FastifyError>) : {};
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return new ServiceProblem('MEDIA_TYPE_UNSUPPORTED', 'A body of this kind is not taken here.').problem;
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new ServiceProblem('BODY_TOO_LARGE', 'The body is larger than this service takes.').problem;
    default:
      // Whatever else the framework refuses is the fault of what was sent.
      return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? refusedInput('body') : toProblem(error);
  }
}

/** What a failure is to a caller to whom the head of the answer was sent already. */
export function errorPayloadOf(error: unknown): ErrorPayload {
  const payload = toErrorPayload(error);
  return withRetry(payload, ERROR_CODES[payload.code].httpStatus);
}

/** Who comes again at once would only be refused again. */
function withRetry<Failure extends { readonly retryable: boolean; readonly retryAfterMs?: number | undefined }>(
  failure: Failure,
  status: number,
): Failure {
  const isBusy = status === 429 || status === 503;
  return isBusy && failure.retryable && failure.retryAfterMs === undefined ? { ...failure, retryAfterMs: DEFAULT_RETRY_MS } : failure;
}

const DEFAULT_RETRY_MS = 1000;

function refusedInput(field: string): Problem {
  return toProblem(
    new SandboxError('REQUEST_INVALID', `${field}: cannot be read.`, {
      suggestion: 'Send what the description of the API says; nothing was created or run.',
      details: { field },
    }),
  );
}
