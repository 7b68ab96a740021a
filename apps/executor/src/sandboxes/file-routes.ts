import { Readable } from 'node:stream';
import { MEDIA_TYPES, ROUTES } from '@sandport/executor-api';
import { type App, fastifyPath, ServiceProblem } from '@sandport/http-service';
import { z } from 'zod';
import { readWithin } from '../server/read-within.ts';
import { describeRoute } from '../server/describe-route.ts';
import { sandboxParameters } from '../server/path-parameters.ts';
import type { Service } from '../server/service.ts';
import { keptSandbox } from './sandbox-routes.ts';

/** What is no path of a file is refused by the sandbox, which names the field. */
const fileQuery = z.strictObject({ path: z.string().max(8192) });

/** Routes that carry files into sandboxes and out of them. */
export function fileRoutes(app: App, service: Service): void {
  app.get(
    fastifyPath(ROUTES.sandboxFile),
    {
      config: { scope: 'sandboxes', answersBytes: true },
      schema: {
        ...describeRoute('readFile', 'Reads a regular file below the work folder. An answer that breaks off is no whole file.'),
        params: sandboxParameters,
        querystring: fileQuery,
      },
    },
    async (request, reply) => {
      const kept = keptSandbox(service, request, request.params.sandbox);
      const signal = service.answers.goneSignal(reply);
      const pieces = kept.sandbox.readFileStream(request.query.path, { signal })[Symbol.asyncIterator]();
      const first = await kept.use(() => pieces.next());
      return reply.type(MEDIA_TYPES.bytes).send(Readable.from(allOf(first, pieces)));
    },
  );

  app.put(
    fastifyPath(ROUTES.sandboxFile),
    {
      config: { scope: 'sandboxes' },
      schema: {
        ...describeRoute('writeFile', 'Writes a file below the work folder, with the folders that lead to it.'),
        consumes: [MEDIA_TYPES.bytes],
        params: sandboxParameters,
        querystring: fileQuery,
      },
    },
    async (request, reply) => {
      const kept = keptSandbox(service, request, request.params.sandbox);
      if (!(request.body instanceof Readable))
        throw new ServiceProblem('MEDIA_TYPE_UNSUPPORTED', `A file is sent as ${MEDIA_TYPES.bytes}.`);
      const content = readWithin(request.body, service.config.limits.bodyTimeoutMs);
      await kept.use((sandbox) => sandbox.writeFile(request.query.path, content, { signal: service.answers.goneSignal(reply) }));
      return reply.code(204).send();
    },
  );
}

async function* allOf(first: IteratorResult<Uint8Array>, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (let step = first; step.done !== true; step = await pieces.next()) yield step.value;
  } finally {
    await pieces.return?.();
  }
}
