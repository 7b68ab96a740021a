import { cellBodySchema, contextAnswerSchema, ROUTES } from '@sandport/executor-api';
import { executionResultSchema } from '@sandport/core';
import { type App, fastifyPath } from '@sandport/http-service';
import { accessTo } from '../access/check-access.ts';
import { answerExecution } from '../executions/answer-execution.ts';
import { cellInput } from '../executions/execution-input.ts';
import { describeRoute } from '../server/describe-route.ts';
import { contextParameters, sandboxParameters } from '../server/path-parameters.ts';
import type { Service } from '../server/service.ts';
import { keptSandbox } from './sandbox-routes.ts';

/** Routes of interpreters that keep their variables. */
export function contextRoutes(app: App, service: Service): void {
  app.post(
    fastifyPath(ROUTES.contexts),
    {
      config: { scope: 'sandboxes', answers: { 201: contextAnswerSchema } },
      schema: {
        ...describeRoute('createContext', 'Starts an interpreter that keeps its variables from call to call.'),
        params: sandboxParameters,
      },
    },
    async (request, reply) => {
      const kept = keptSandbox(service, request, request.params.sandbox);
      const context = await kept.use((sandbox) => sandbox.createContext({ signal: service.answers.goneSignal(reply) }));
      return reply.code(201).send({ id: context.id });
    },
  );

  app.delete(
    fastifyPath(ROUTES.context),
    {
      config: { scope: 'sandboxes' },
      schema: { ...describeRoute('destroyContext', 'Ends an interpreter and what it started.'), params: contextParameters },
    },
    async (request, reply) => {
      const kept = keptSandbox(service, request, request.params.sandbox);
      await kept.use((sandbox) => sandbox.context(request.params.context).destroy({ signal: service.answers.goneSignal(reply) }));
      return reply.code(204).send();
    },
  );

  app.post(
    fastifyPath(ROUTES.contextInterrupt),
    {
      config: { scope: 'sandboxes' },
      schema: {
        ...describeRoute('interruptContext', 'Interrupts the cell that runs, as Ctrl-C in a terminal does.'),
        params: contextParameters,
      },
    },
    async (request, reply) => {
      const kept = keptSandbox(service, request, request.params.sandbox);
      await kept.use((sandbox) => sandbox.context(request.params.context).interrupt({ signal: service.answers.goneSignal(reply) }));
      return reply.code(204).send();
    },
  );

  app.post(
    fastifyPath(ROUTES.contextExecutions),
    {
      config: { scope: 'sandboxes', answers: { 200: executionResultSchema } },
      schema: {
        ...describeRoute('executeCell', 'Runs one cell in an interpreter, and answers as "execute" does.'),
        params: contextParameters,
        body: cellBodySchema,
      },
    },
    async (request, reply) =>
      answerExecution(request, reply, {
        service,
        follow: request.body,
        outlivesCaller: false,
        prepare: ({ signal, onOutput }) => {
          const kept = keptSandbox(service, request, request.params.sandbox);
          const input = cellInput(request.body, accessTo(request));
          return () => kept.use((sandbox) => sandbox.context(request.params.context).execute({ ...input, onOutput }, { signal }));
        },
      }),
  );
}
