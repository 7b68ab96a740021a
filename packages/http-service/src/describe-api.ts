import swagger, { type SwaggerTransform } from '@fastify/swagger';
import { MEDIA_TYPES, problemSchema } from '@sandport/executor-api';
import type { FastifyContextConfig } from 'fastify';
import { z } from 'zod';
import type { App } from './app.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is answered, by status, for the description of the API. */
    answers?: Readonly<Record<number, z.ZodType>>;
    /** It is answered with bytes, and 200. */
    answersBytes?: boolean;
    /** It is answered with these, one JSON document a line, and 200. */
    answersEvents?: z.ZodType;
    /** It is answered with this status and the way to go. */
    answersRedirect?: 302;
  }
}

/** What is said of an API as a whole. */
export interface ApiDescription {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Ways to show who calls, each enough by itself. */
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** What is said of one operation. */
  readonly placeOperation: (path: string, config: FastifyContextConfig) => OperationPlace;
}

/** Where an operation stands in the description, and who may call it. */
export interface OperationPlace {
  /** The group that it is shown in. */
  readonly tag: string;
  /** Roles or scopes, any of which is enough; none: everybody who shows who calls. */
  readonly mayCall: readonly string[] | 'everybody';
}

type SecurityScheme =
  | { readonly type: 'http'; readonly scheme: 'bearer' }
  | { readonly type: 'apiKey'; readonly in: 'cookie'; readonly name: string };

/** Describes the API as OpenAPI 3.1, from the schemas by which requests are checked. */
export async function describeApi(app: App, api: ApiDescription): Promise<void> {
  const { title, version, description, securitySchemes } = api;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title,
        version,
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { ...securitySchemes } },
      security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
    },
    transform: (route) => describeRoute(route, api),
  });
}

/** Parts of a request that a schema checks. */
const CHECKED = ['body', 'params', 'querystring'] as const;

type TransformedRoute = Parameters<SwaggerTransform>[0];

function describeRoute({ schema, url, route }: TransformedRoute, api: ApiDescription): ReturnType<SwaggerTransform> {
  if (schema.hide === true) return { schema, url };
  const checked = CHECKED.flatMap((part) => {
    const own: unknown = schema[part];
    return own instanceof z.ZodType ? [[part, toJsonSchema(own)] as const] : [];
  });
  if (schema.body === undefined && schema.consumes?.includes(MEDIA_TYPES.bytes) === true) checked.push(['body', BYTES]);
  const place = api.placeOperation(url, route.config ?? {});
  const rights = { tags: [place.tag], security: securityOf(place, api) };
  const described = (response: unknown) => ({ schema: { ...schema, ...rights, ...Object.fromEntries(checked), response }, url });
  const { answersBytes, answersEvents, answersRedirect } = route.config ?? {};
  if (answersBytes === true) return described(BYTES_RESPONSE);
  if (answersEvents !== undefined) return described(eventsResponse(answersEvents));
  if (answersRedirect !== undefined)
    return described({ [answersRedirect]: { description: 'Go on there.', type: 'null' }, default: PROBLEM });
  const answers = Object.entries(route.config?.answers ?? {}).map(
    ([status, answer]) => [status, { description: 'Done.', ...toJsonSchema(answer) }] as const,
  );
  const response = {
    ...(answers.length === 0 ? { 204: { description: 'Done.', type: 'null' } } : Object.fromEntries(answers)),
    default: PROBLEM,
  };
  return described(response);
}

/** Each scheme with each right is one way in. OpenAPI 3.1 lets every scheme name the roles that it takes. */
function securityOf({ mayCall }: OperationPlace, { securitySchemes }: ApiDescription): Readonly<Record<string, readonly string[]>>[] {
  if (mayCall === 'everybody') return [];
  const rights = mayCall.length === 0 ? [[]] : mayCall.map((right) => [right]);
  return Object.keys(securitySchemes).flatMap((scheme) => rights.map((right) => ({ [scheme]: right })));
}

function eventsResponse(event: z.ZodType): Record<string, unknown> {
  const content = { [MEDIA_TYPES.lines]: { schema: toJsonSchema(event) } };
  return { 200: { description: 'Events, one JSON document a line.', content }, default: PROBLEM };
}

/** A schema as it is written, not as it is read: bytes are base64, and JSON within JSON is whatever it likes. */
function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const {
    $schema: _,
    $defs: __,
    ...json
  } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  });
  return withoutReferences(json) as Record<string, unknown>;
}

/** Only what contains itself is referred to: JSON within JSON, which may be anything. Within a larger document the reference would lead nowhere. */
function withoutReferences(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(withoutReferences);
  if ('$ref' in json) return {};
  return Object.fromEntries(Object.entries(json).map(([name, member]) => [name, withoutReferences(member)]));
}

const BYTES = { type: 'string', format: 'binary' };

const PROBLEM = { description: 'A problem, after RFC 9457.', content: { [MEDIA_TYPES.problem]: { schema: toJsonSchema(problemSchema) } } };

const BYTES_RESPONSE = { 200: { description: 'Done.', content: { [MEDIA_TYPES.bytes]: { schema: BYTES } } }, default: PROBLEM };
