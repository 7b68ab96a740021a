import { z } from 'zod';

/** Any value that JSON text can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A JSON object: what {@link ExecutionRequestInput.arguments} must be. */
export type JsonObject = { [key: string]: JsonValue };

/** Accepts what JSON can carry and nothing else: no `undefined`, `NaN`, dates, functions or cycles. */
export const jsonValueSchema: z.ZodType<JsonValue> = z.custom<JsonValue>((value) => findNonJson(value, '') === undefined, {
  error: (issue) => findNonJson(issue.input, '') ?? 'is not a JSON value',
});

/** As {@link jsonValueSchema}, but the outermost value must be an object. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.custom<JsonObject>((value) => describeNonObject(value) === undefined, {
  error: (issue) => describeNonObject(issue.input) ?? 'is not a JSON object',
});

function describeNonObject(value: unknown): string | undefined {
  return isPlainObject(value) ? findNonJson(value, '') : `must be a JSON object, not ${nameOf(value)}`;
}

/** Says where a value leaves JSON, or nothing when it does not. Depth is bounded so that a hostile nesting cannot exhaust the stack. */
function findNonJson(value: unknown, path: string, ancestors: object[] = []): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `has ${value} at "${path || '(root)'}"`;
  if (!Array.isArray(value) && !isPlainObject(value)) return `has ${nameOf(value)} at "${path || '(root)'}"`;
  if (ancestors.includes(value)) return `refers to itself at "${path}"`;
  if (ancestors.length >= MAX_JSON_DEPTH) return `is nested deeper than ${MAX_JSON_DEPTH} levels`;
  // JSON text keeps neither holes nor named members of an array.
  if (Array.isArray(value) && Object.keys(value).length !== value.length) return `has an array with gaps at "${path}"`;
  ancestors.push(value);
  for (const key of Object.keys(value)) {
    const member: unknown = Reflect.get(value, key);
    const finding = findNonJson(member, path === '' ? key : `${path}.${key}`, ancestors);
    if (finding !== undefined) return finding;
  }
  ancestors.pop();
  return undefined;
}

/** Deepest nesting of arguments and values. Python's own JSON reader stops near 1,000. */
export const MAX_JSON_DEPTH = 200;

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return `a ${value.constructor?.name ?? 'object'}`;
  return value === undefined ? 'undefined' : `a ${typeof value}`;
}
