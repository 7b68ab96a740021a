import { Buffer } from 'node:buffer';
import { describeIssue, SandboxError } from '@sandport/core';
import { z } from 'zod';

/** What a Linux kernel takes as one argument, or one variable, of a program. */
const ARGUMENT_BYTES = 128 * 1024 - 1;

const text = z
  .string()
  .refine((value) => value.isWellFormed(), 'is not well-formed Unicode')
  .refine((value) => !value.includes('\0'), 'contains a NUL')
  .refine((value) => Buffer.byteLength(value) <= ARGUMENT_BYTES, `is larger than ${ARGUMENT_BYTES} bytes; write it into a file first`);

const abortSignal = z.instanceof(AbortSignal, { error: 'must be an AbortSignal' }).optional();

/** Options of a command, as the AI SDK has them. */
export const commandSchema = z.object({
  command: text.pipe(z.string().min(1)),
  workingDirectory: text.pipe(z.string().min(1)).optional(),
  env: z
    .custom<Record<string, string>>(
      (value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__'),
      'has the name "__proto__"',
    )
    .pipe(z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is not a name of an environment variable'), text))
    .optional(),
  /** Whether something will be written to it while it runs. */
  stdin: z.boolean().default(false),
  abortSignal,
});

const encoding = z
  .custom<NodeJS.BufferEncoding>((name) => typeof name === 'string' && Buffer.isEncoding(name), 'is no encoding that Node knows')
  .default('utf8');
const line = z.int().min(1).optional();

/** Options of whatever has a path. */
export const pathSchema = z.object({ path: text.pipe(z.string().min(1)), abortSignal });

/** How a file is read as a text. */
export const readTextSchema = z.object({ encoding, startLine: line, endLine: line });

/** How a text is written. */
export const writeSchema = z.object({ encoding });

/**
 * Checks what was handed to a method of a session: tools hand on what a model wrote.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field.
 */
export function checkInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'options');
  throw refusedField(field, message);
}

/** A field of a call that is wrong. */
export function refusedField(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'useSandboxSession',
    suggestion: `Correct "${field}" and call again; nothing was done.`,
    details: { field },
  });
}
