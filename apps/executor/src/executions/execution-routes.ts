import { executeOnce, executionResultSchema, SandboxError, type ExecutionRequest, type ExecutionResult } from '@sandport/core';
import {
  executionBodySchema,
  IDEMPOTENCY_KEY_HEADER,
  MEDIA_TYPES,
  REPLAYED_HEADER,
  ROUTES,
  sandboxExecutionBodySchema,
} from '@sandport/executor-api';
import { type App, fastifyPath } from '@sandport/http-service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessTo } from '../access/check-access.ts';
import { describeRoute } from '../server/describe-route.ts';
import { sandboxParameters } from '../server/path-parameters.ts';
import type { Service } from '../server/service.ts';
import { keptSandbox } from '../sandboxes/sandbox-routes.ts';
import { answerExecution, type ExecutionCall } from './answer-execution.ts';
import { executionInput } from './execution-input.ts';
import { readMultipart } from './multipart.ts';

/** Routes that run programs. */
export function executionRoutes(app: App, service: Service): void {
  app.post(
    fastifyPath(ROUTES.executions),
    {
      config: { scope: 'execute', answers: { 200: executionResultSchema } },
      preValidation: (request) => readMultipart(request, service.config.limits.bodyBytes),
      schema: {
        ...describeRoute(
          'execute',
          'Runs a program in a sandbox of its own and says what it did: as JSON, or as a stream of events (NDJSON or SSE, by "Accept"). Who goes away withdraws the call, unless it has an idempotency key.',
        ),
        consumes: [MEDIA_TYPES.json, MEDIA_TYPES.multipart],
        body: executionBodySchema,
      },
    },
    async (request, reply) => {
      const key = idempotencyKeyOf(request);
      return answerExecution(request, reply, {
        service,
        follow: request.body,
        outlivesCaller: key !== undefined,
        prepare: (call) => {
          const input = executionInput(request.body, accessTo(request), call);
          if (key === undefined) return () => executeOnce(service.provider, input, { signal: call.signal });
          return () => runWithKey(service, { key, input, call, reply });
        },
      });
    },
  );

  app.post(
    fastifyPath(ROUTES.sandboxExecutions),
    {
      config: { scope: 'sandboxes', answers: { 200: executionResultSchema } },
      schema: {
        ...describeRoute('executeInSandbox', 'Runs a program in a sandbox that exists, and answers as "execute" does.'),
        params: sandboxParameters,
        body: sandboxExecutionBodySchema,
      },
    },
    async (request, reply) =>
      answerExecution(request, reply, {
        service,
        follow: request.body,
        outlivesCaller: false,
        prepare: (call) => {
          const kept = keptSandbox(service, request, request.params.sandbox);
          const { language = kept.sandbox.language } = request.body;
          const input = executionInput({ ...request.body, language }, accessTo(request), call);
          return () => kept.use((sandbox) => sandbox.execute(input, { signal: call.signal }));
        },
      }),
  );
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers[IDEMPOTENCY_KEY_HEADER];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key.length >= 1 && key.length <= 255) return key;
  throw new SandboxError('REQUEST_INVALID', `${IDEMPOTENCY_KEY_HEADER}: must have 1 to 255 characters.`, {
    suggestion: 'Choose another key; nothing was run.',
    details: { field: IDEMPOTENCY_KEY_HEADER },
  });
}

async function runWithKey(
  service: Service,
  {
    key,
    input,
    call,
    reply,
  }: { readonly key: string; readonly input: ExecutionRequest; readonly call: ExecutionCall; readonly reply: FastifyReply },
): Promise<ExecutionResult> {
  const { result, isReplayed } = await service.outcomes.once(key, input, () =>
    executeOnce(service.provider, input, { signal: call.signal }),
  );
  if (isReplayed && !reply.raw.headersSent) reply.header(REPLAYED_HEADER, 'true');
  return result;
}
