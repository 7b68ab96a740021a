import { Validator, type OutputUnit } from '@cfworker/json-schema';

/** One way in which data breaks its schema, as the page can say it in its own words. */
export interface SchemaProblem {
  /** From the root to the value, names and places. */
  readonly path: readonly string[];
  readonly keyword: string;
  /** What the schema has for the keyword. */
  readonly limit: unknown;
}

/** Keywords that only say that something below them is wrong. */
const COLLECTING = new Set([
  'properties',
  'items',
  'additionalItems',
  'prefixItems',
  'allOf',
  '$ref',
  'additionalProperties',
  'propertyNames',
  'if',
  'then',
  'else',
]);

/** Everything in which data breaks its schema, in the order of the schema. Nothing is compiled to code: the content policy of the page forbids it. */
export function findSchemaProblems(schema: object, data: unknown): SchemaProblem[] {
  const { errors } = new Validator(schema, '2020-12', false).validate(data);
  const problems = errors
    .filter((error) => !COLLECTING.has(error.keyword) || isUnknownMember(error))
    .flatMap((error) => problemsOf(error, schema));
  return problems.filter((problem, index) => problems.findIndex((other) => isSame(other, problem)) === index);
}

/** A member that the schema does not know is told by the `false` that stands for it. */
function isUnknownMember(error: OutputUnit): boolean {
  return error.keyword === 'false';
}

function problemsOf(error: OutputUnit, schema: object): SchemaProblem[] {
  const path = partsOf(error.instanceLocation);
  const limit = valueAt(schema, partsOf(error.keywordLocation));
  if (error.keyword !== 'required' || !Array.isArray(limit)) return [{ path, keyword: error.keyword, limit }];
  // The library tells of one missing member at a time, in its words; the member is what the form needs.
  const missing = limit.map(String).filter((name) => error.error.includes(`"${name}"`));
  return missing.map((name) => ({ path: [...path, name], keyword: 'required', limit: name }));
}

function isSame(one: SchemaProblem, other: SchemaProblem): boolean {
  return one.keyword === other.keyword && one.path.join('\n') === other.path.join('\n');
}

/** The parts of a JSON pointer in a fragment: `#/a~1b/0` gives `a/b` and `0`. */
function partsOf(location: string): string[] {
  return location
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(root: unknown, parts: readonly string[]): unknown {
  return parts.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined),
    root,
  );
}
