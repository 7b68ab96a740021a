// @ts-check
/** The parts of docs/http-api.md that are made from the descriptions which the services give of themselves. */
import { replaceGenerated } from './provider-tables.mjs';
import { schemaText } from './schema-text.mjs';

/** @import { JsonSchema } from './schema-text.mjs' */

/** @typedef {Readonly<Record<string, { readonly schema?: JsonSchema }>>} Content */

/**
 * @typedef {object} Operation
 * @property {string} operationId
 * @property {string} summary
 * @property {readonly string[]} tags
 * @property {readonly Readonly<Record<string, readonly string[]>>[]} security
 * @property {readonly { readonly name: string, readonly in: string, readonly required?: boolean, readonly schema: JsonSchema }[]} [parameters]
 * @property {{ readonly content: Content }} [requestBody]
 * @property {Readonly<Record<string, { readonly content?: Content }>>} responses
 */

/**
 * An OpenAPI document of ours.
 *
 * @typedef {object} ApiDocument
 * @property {string} openapi
 * @property {Readonly<Record<string, unknown>> & { readonly title: string, readonly version: string }} info
 * @property {Readonly<Record<string, Readonly<Record<string, Operation>>>>} paths
 */

/** @typedef {Readonly<Record<string, { readonly httpStatus: number, readonly meaning: string }>>} ServiceProblems */

/**
 * The page with its generated parts as the services describe themselves.
 *
 * @param {string} page
 * @param {{ executor: ApiDocument, admin: ApiDocument, problems: ServiceProblems }} facts
 * @returns {string}
 */
export function renderHttpApiPage(page, { executor, admin, problems }) {
  const sections = [
    /** @type {const} */ (['executor', renderApi(executor, (right) => `a token of the scope \`${right}\``)]),
    /** @type {const} */ (['admin', renderApi(admin, (right) => `the role \`${right}\``)]),
    /** @type {const} */ (['problems', problemsTable(problems)]),
  ];
  return sections.reduce((text, [name, content]) => replaceGenerated(text, name, content), page);
}

/**
 * A document as it is kept in docs/openapi: one path a line, and without the version of the package, which changes with each release.
 *
 * @param {ApiDocument} document
 * @returns {string}
 */
export function openApiText({ paths, info, ...rest }) {
  const head = JSON.stringify({ ...rest, info: { ...info, version: 'v1' } }).slice(0, -1);
  const lines = Object.entries(paths).map(([path, operations]) => `${JSON.stringify(path)}:${JSON.stringify(operations)}`);
  return `${head},"paths":{\n${lines.join(',\n')}\n}}\n`;
}

/**
 * @param {ApiDocument} document
 * @param {(right: string) => string} inWords
 */
function renderApi({ paths }, inWords) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ place: `${method.toUpperCase()} ${path}`, ...operation })),
  );
  const tags = [...new Set(operations.flatMap((operation) => operation.tags))];
  const told = new Map();
  return tags
    .map((tag) => {
      const own = operations.filter((operation) => operation.tags.includes(tag));
      const overview = own.map(
        ({ place, operationId, summary }) => `| \`${place}\` | [\`${operationId}\`](#${operationId.toLowerCase()}) | ${summary} |`,
      );
      const table = ['| call | name | what it does |', '| --- | --- | --- |', ...overview].join('\n');
      return [
        `### ${tag[0]?.toUpperCase()}${tag.slice(1)}`,
        table,
        ...own.map((operation) => renderOperation(operation, inWords, told)),
      ].join('\n\n');
    })
    .join('\n\n');
}

/**
 * @param {Operation & { readonly place: string }} operation
 * @param {(right: string) => string} inWords
 * @param {Map<string, string>} told where a text was given first
 */
function renderOperation({ place, operationId, security, parameters = [], requestBody, responses }, inWords, told) {
  /** @param {string} label @param {JsonSchema | undefined} schema */
  const typed = (label, schema) => {
    const text = schemaText(schema ?? {});
    const key = JSON.stringify(schema ?? {});
    const first = told.get(key);
    if (first !== undefined && text.length > SHORT) return `${label}: as with [\`${first}\`](#${first.toLowerCase()}).`;
    told.set(key, operationId);
    return text.includes('\n') || text.length > SHORT ? `${label}:\n\n\`\`\`ts\n${text}\n\`\`\`` : `${label}: \`${text}\``;
  };
  const placed = parameters.map(({ name, in: where, required = false, schema }) => {
    const optional = required ? '' : ', may be left out';
    return `- In the ${where}, \`${name}\`: \`${schemaText(schema)}\`${optional}`;
  });
  const bodies = groupedByType(requestBody?.content ?? {}).map(({ types, schema }) => typed(`Body, ${types}`, schema));
  const answers = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .flatMap(([status, { content }]) => {
      const groups = groupedByType(content ?? {});
      if (groups.length === 0) return [`Answer: ${status}, without a body.`];
      return groups.map(({ types, schema }) => typed(`Answer, ${status}, ${types}`, schema));
    });
  return [
    `#### ${operationId}`,
    `\`${place}\``,
    [`- Needs ${whoMay(security, inWords)}`, ...placed].join('\n'),
    ...bodies,
    ...answers,
  ].join('\n\n');
}

/** Longer texts stand in a block, and once. */
const SHORT = 100;

/** @param {Content} content */
function groupedByType(content) {
  /** @type {Map<string, { types: string[], schema: JsonSchema | undefined }>} */
  const groups = new Map();
  for (const [type, { schema }] of Object.entries(content)) {
    const key = JSON.stringify(schema ?? {});
    const group = groups.get(key) ?? { types: [], schema };
    group.types.push(`\`${type}\``);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ types, schema }) => ({ types: types.join(' or '), schema }));
}

/**
 * @param {Operation['security']} security
 * @param {(right: string) => string} inWords
 */
function whoMay(security, inWords) {
  if (security.length === 0) return 'nothing: everybody may call it';
  const rights = new Set(security.flatMap((way) => Object.values(way).flat()));
  if (rights.size === 0) return 'to be signed in, in whatever role';
  return [...rights].map(inWords).join(', or ');
}

/** @param {ServiceProblems} problems */
function problemsTable(problems) {
  const rows = Object.entries(problems).map(([code, { httpStatus, meaning }]) => `| \`${code}\` | ${httpStatus} | ${meaning} |`);
  return ['| code | HTTP status | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
