import swagger, { type SwaggerTransform } from '@fastify/swagger';
import { MEDIA_TYPES, problemSchema } from '@sandport/executor-api';
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

/** Parts of a request that a schema checks. */
const CHECKED = ['body', 'params', 'querystring'] as const;

const describeRoute: SwaggerTransform = ({ schema, url, route }) => {
  const checked = CHECKED.flatMap((part) => {
    const own: unknown = schema[part];
    return own instanceof z.ZodType ? [[part, toJsonSchema(own)] as const] : [];
  });
  const answers = Object.entries(route.config?.answers ?? {}).map(
    ([status, answer]) => [status, { description: 'Done.', ...toJsonSchema(answer) }] as const,
  );
  const response = {
    ...(answers.length === 0 ? { 204: { description: 'Done.', type: 'null' } } : Object.fromEntries(answers)),
    default: PROBLEM,
  };
  return { schema: { ...schema, ...Object.fromEntries(checked), response }, url };
};

/** A schema as it is written, not as it is read: bytes are base64, and JSON within JSON is whatever it likes. */
function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // It is the only one that contains itself, and says nothing.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'lazy') for (const name of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, name);
    },
  });
  return json;
}

const PROBLEM = { description: 'A problem, after RFC 9457.', content: { [MEDIA_TYPES.problem]: { schema: toJsonSchema(problemSchema) } } };
