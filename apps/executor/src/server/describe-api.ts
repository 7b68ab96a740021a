import swagger from '@fastify/swagger';
import type { SwaggerTransform } from '@fastify/swagger';
import { MEDIA_TYPES, problemSchema } from '@sandport/executor-api';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from './app.ts';

/** Describes the API as OpenAPI 3.1, from the schemas by which requests are checked. */
export async function describeApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sandport executor',
        version,
        description: 'Runs untrusted code in a sandbox and says truthfully what it did.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: describeRoute,
  });
}

/** Answers are described as they are written; the library would describe what comes of them when they are read. */
const describeRoute: SwaggerTransform = (route) => {
  const described = jsonSchemaTransform(route);
  const answers = Object.entries(route.route.config?.answers ?? {}).map(
    ([status, schema]) => [status, { description: 'Done.', ...toJsonSchema(schema) }] as const,
  );
  const problem = {
    description: 'A problem, after RFC 9457.',
    content: { [MEDIA_TYPES.problem]: { schema: toJsonSchema(problemSchema) } },
  };
  return {
    ...described,
    schema: {
      ...described.schema,
      response: {
        ...(answers.length === 0 ? { 204: { description: 'Done.', type: 'null' } } : Object.fromEntries(answers)),
        default: problem,
      },
    },
  };
};

function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}
