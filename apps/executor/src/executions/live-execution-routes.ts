import { Readable } from 'node:stream';
import { MEDIA_TYPES, ROUTES, takenBodySchema } from '@sandport/executor-api';
import { type App, fastifyPath, ServiceProblem } from '@sandport/http-service';
import type { FastifyRequest } from 'fastify';
import { accessTo } from '../access/check-access.ts';
import { describeRoute } from '../server/describe-route.ts';
import { executionParameters } from '../server/path-parameters.ts';
import { readWithin } from '../server/read-within.ts';
import type { Service } from '../server/service.ts';
import type { LiveExecution } from './execution-registry.ts';

/** Routes that are about a call that runs. */
export function liveExecutionRoutes(app: App, service: Service): void {
  app.delete(
    fastifyPath(ROUTES.execution),
    {
      config: { scope: ['execute', 'sandboxes'] },
      schema: {
        ...describeRoute('withdrawExecution', 'Withdraws a call that runs. Its own answer says what came of it.'),
        params: executionParameters,
      },
    },
    async (request, reply) => {
      findExecution(service, request, request.params.execution).withdraw();
      return reply.code(204).send();
    },
  );

  app.post(
    fastifyPath(ROUTES.executionTaken),
    {
      config: { scope: ['execute', 'sandboxes'] },
      schema: {
        ...describeRoute(
          'takeOutput',
          'Says how many bytes of output were taken since the beginning, where the call was given an output window.',
        ),
        params: executionParameters,
        body: takenBodySchema,
      },
    },
    async (request, reply) => {
      findExecution(service, request, request.params.execution).window.noteTaken(request.body.bytes);
      return reply.code(204).send();
    },
  );

  app.put(
    fastifyPath(ROUTES.executionInput),
    {
      config: { scope: ['execute', 'sandboxes'] },
      schema: {
        ...describeRoute('giveInput', 'Hands a program its standard input, as bytes. Answered when the program has read it or is over.'),
        consumes: [MEDIA_TYPES.bytes],
        params: executionParameters,
      },
    },
    async (request, reply) => {
      const execution = findExecution(service, request, request.params.execution);
      if (!(request.body instanceof Readable)) throw new ServiceProblem('MEDIA_TYPE_UNSUPPORTED', `Input is sent as ${MEDIA_TYPES.bytes}.`);
      await execution.input.feed(readWithin(request.body, service.config.limits.bodyTimeoutMs));
      return reply.code(204).send();
    },
  );
}

function findExecution({ executions }: Service, request: FastifyRequest, id: string): LiveExecution {
  const { token, tenant } = accessTo(request);
  return executions.find(id, { tokenId: token.id, tenant });
}
