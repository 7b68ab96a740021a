import type { z } from 'zod';
import { HttpError } from '../service-error.ts';

/** Reads a body as what it must be; none is an empty object. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.output<Schema> {
  let value: unknown = {};
  try {
    if (body.length > 0) value = JSON.parse(body.toString());
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HttpError(400, `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'is wrong'}`);
}
