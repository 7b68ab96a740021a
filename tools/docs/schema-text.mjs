// @ts-check
/** JSON schemas as short text in the manner of TypeScript, for people. What checks calls is the schema itself. */

/**
 * As far as the descriptions of our APIs go.
 *
 * @typedef {object} JsonSchema
 * @property {string | readonly string[]} [type]
 * @property {string} [format]
 * @property {readonly unknown[]} [enum]
 * @property {unknown} [const]
 * @property {readonly JsonSchema[]} [anyOf]
 * @property {readonly JsonSchema[]} [oneOf]
 * @property {readonly JsonSchema[]} [allOf]
 * @property {Readonly<Record<string, JsonSchema>>} [properties]
 * @property {readonly string[]} [required]
 * @property {boolean | JsonSchema} [additionalProperties]
 * @property {JsonSchema} [items]
 */

/** A union of objects that is longer than this is told as one object, with what is not in all of them as optional. */
const LONGEST_UNION = 600;

/** Objects further inside than this are told by the members that tell them apart. */
const DEEPEST = 2;

/** Longer lists of values are told by their beginning; the document has all of them. */
const MOST_VALUES = 12;

/** A member that is longer than this is broken into lines. */
const LONGEST_LINE = 110;

/**
 * The members of an object, one a line; anything else in one line.
 *
 * @param {JsonSchema} schema
 * @returns {string}
 */
export function schemaText(schema) {
  const shown = mergedIfLong(schema, 1);
  const alternatives = alternativesOf(shown);
  if (alternatives !== undefined)
    return piecesOf(shown, 1)
      .map((each) => `| ${each}`)
      .join('\n');
  return hasMembers(shown) ? block(shown, 1) : inline(shown, 0);
}

/**
 * @param {JsonSchema} schema
 * @param {number} depth
 * @returns {string}
 */
function block({ properties = {}, required = [] }, depth) {
  const indent = '  '.repeat(depth);
  const lines = Object.entries(properties).map(([name, member]) => {
    const text = inline(member, depth);
    const inner = text.length <= LONGEST_LINE || depth > DEEPEST ? undefined : brokenText(member, depth + 1);
    return `${indent}${name}${required.includes(name) ? '' : '?'}: ${inner ?? text};`;
  });
  return ['{', ...lines, `${'  '.repeat(depth - 1)}}`].join('\n');
}

/**
 * @param {JsonSchema} given
 * @param {number} depth
 */
function brokenText(given, depth) {
  const schema = mergedIfLong(given, depth - 1);
  if (hasMembers(schema)) return block(schema, depth);
  const items = schema.items === undefined ? undefined : mergedIfLong(schema.items, depth - 1);
  return items !== undefined && hasMembers(items) ? `${block(items, depth)}[]` : undefined;
}

/** @param {JsonSchema} schema */
function hasMembers({ properties }) {
  return properties !== undefined && Object.keys(properties).length > 0;
}

/**
 * @param {JsonSchema} given
 * @param {number} depth
 * @returns {string}
 */
function inline(given, depth) {
  const schema = mergedIfLong(given, depth);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined || alternativesOf(schema) !== undefined) return piecesOf(schema, depth).join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map((each) => inline(each, depth)).join(' & ');
  if (schema.items !== undefined) return arrayOf(inline(schema.items, depth));
  if (hasMembers(schema)) return objectText(schema, depth);
  if (typeof schema.additionalProperties === 'object') return `{ [name]: ${inline(schema.additionalProperties, depth + 1)} }`;
  return plainType(schema);
}

/**
 * What a union is made of, each once.
 *
 * @param {JsonSchema} schema
 * @param {number} depth
 * @returns {string[]}
 */
function piecesOf(schema, depth) {
  if (schema.enum !== undefined) {
    const values = schema.enum.map((value) => JSON.stringify(value));
    return values.length > MOST_VALUES ? [...values.slice(0, 2), `… (${values.length} values)`] : values;
  }
  const alternatives = alternativesOf(schema);
  if (alternatives === undefined) return [inline(schema, depth)];
  const pieces = [...new Set(alternatives.flatMap((each) => piecesOf(mergedIfLong(each, depth), depth)))];
  // What is nothing comes last, as one writes it.
  return [...pieces.filter((piece) => piece !== 'null'), ...pieces.filter((piece) => piece === 'null')];
}

/** @param {string} member */
function arrayOf(member) {
  return /^[\w"]+$/.test(member) || /^\{[^|]*\}$/.test(member) ? `${member}[]` : `(${member})[]`;
}

/**
 * @param {JsonSchema} schema
 * @param {number} depth
 */
function objectText(schema, depth) {
  if (depth <= DEEPEST) return `{ ${membersOf(schema, depth + 1).join('; ')} }`;
  const telling = Object.entries(schema.properties ?? {}).filter(([, member]) => member.const !== undefined);
  return telling.length === 0 ? '{ … }' : `{ ${telling.map(([name, member]) => `${name}: ${inline(member, depth)}`).join('; ')}; … }`;
}

/**
 * @param {JsonSchema} schema
 * @param {number} depth
 */
function membersOf({ properties = {}, required = [] }, depth) {
  return Object.entries(properties).map(([name, member]) => `${name}${required.includes(name) ? '' : '?'}: ${inline(member, depth)}`);
}

/** @param {JsonSchema} schema */
function plainType({ type, format }) {
  if (format === 'binary') return 'bytes';
  if (type === undefined) return 'JSON';
  const types = [type].flat();
  return types.map((each) => (each === 'object' ? '{ [name]: JSON }' : each === 'array' ? 'JSON[]' : each)).join(' | ');
}

/** @param {JsonSchema} schema */
function alternativesOf({ anyOf, oneOf }) {
  return anyOf ?? oneOf;
}

/**
 * @param {JsonSchema} schema
 * @param {number} depth
 * @returns {JsonSchema}
 */
function mergedIfLong(schema, depth) {
  const alternatives = alternativesOf(schema)?.map((each) => mergedIfLong(each, depth));
  if (alternatives === undefined || alternatives.length < 2 || alternatives.some(({ properties }) => properties === undefined))
    return schema;
  const length = alternatives.reduce((sum, each) => sum + inline(each, depth).length, 0);
  if (length <= LONGEST_UNION || depth > DEEPEST) return schema;
  const names = new Set(alternatives.flatMap(({ properties = {} }) => Object.keys(properties)));
  const merged = [...names].map((name) => [name, unionOf(alternatives.flatMap(({ properties = {} }) => properties[name] ?? []))]);
  const required = [...names].filter((name) => alternatives.every((each) => each.required?.includes(name)));
  return { type: 'object', properties: Object.fromEntries(merged), required };
}

/**
 * @param {readonly JsonSchema[]} schemas
 * @returns {JsonSchema}
 */
function unionOf(schemas) {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return different.length === 1 ? /** @type {JsonSchema} */ (different[0]) : { anyOf: different };
}
