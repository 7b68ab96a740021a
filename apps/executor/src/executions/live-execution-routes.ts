import { Readable } from 'node:stream';
import { MEDIA_TYPES, ROUTES } from '@sandport/executor-api';
import type { FastifyRequest } from 'fastify';
import { accessTo } from '../access/check-access.ts';
import type { App } from '../server/app.ts';
import { describeRoute } from '../server/describe-route.ts';
import { fastifyPath } from '../server/fastify-path.ts';
import { executionParameters } from '../server/path-parameters.ts';
import { ServiceProblem } from '../server/service-problem.ts';
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

  app.put(
    fastifyPath(ROUTES.executionInput),
    {
      config: { scope: ['execute', 'sandboxes'] },
      schema: {
        ...describeRoute('giveInput', 'Hands a program its standard input, as bytes. Answered when the program has read it or is over.'),
        params: executionParameters,
      },
    },
    async (request, reply) => {
      const execution = findExecution(service, request, request.params.execution);
      if (!(request.body instanceof Readable)) throw new ServiceProblem('MEDIA_TYPE_UNSUPPORTED', `Input is sent as ${MEDIA_TYPES.bytes}.`);
      await execution.input.feed(request.body);
      return reply.code(204).send();
    },
  );
}

function findExecution({ executions }: Service, request: FastifyRequest, id: string): LiveExecution {
  const { token, tenant } = accessTo(request);
  return executions.find(id, { tokenId: token.id, tenant });
}
