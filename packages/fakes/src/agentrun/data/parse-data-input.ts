import { z } from 'zod';
import type { Call } from '../call.ts';
import { serviceError } from '../service-error.ts';

/** Reads a body as what it must be. What is wrong has the code that the service's image uses. */
export function parseDataInput<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw serviceError(400, 'INVALID_REQUEST', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'is wrong'}`);
}

/** Whole seconds up to a maximum, which is also their default. */
export function secondsSchema(maximum: number): z.ZodDefault<z.ZodNumber> {
  return z.number().int().min(1).max(maximum).default(maximum);
}

/** A parameter of the query that must be there. */
export function requiredParameter(call: Call, name: string): string {
  const value = call.query.get(name);
  if (value === undefined || value === '') throw serviceError(400, 'INVALID_REQUEST', `${name} is missing`);
  return value;
}
