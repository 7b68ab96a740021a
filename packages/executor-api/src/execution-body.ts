import { jsonObjectSchema } from '@sandport/core';
import { z } from 'zod';

/** Content of a file or of standard input: text, or bytes in base64, since JSON has none. */
export const contentSchema = z.union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.base64() })]);

/** zod drops the key `__proto__` of a record without a word; what would be lost is refused. */
const withoutPrototypeKey = <Member>() =>
  z.custom<Record<string, Member>>(
    (value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__'),
    'has the name "__proto__", which is not allowed',
  );

const filesSchema = withoutPrototypeKey<z.input<typeof contentSchema>>().pipe(z.record(z.string(), contentSchema));

const environmentSchema = withoutPrototypeKey<string>().pipe(z.record(z.string(), z.string()));

const number = z.number().optional();

/** As `limits` of a request. What is in range is checked by the contract itself, which names the field. */
export const limitsSchema = z.strictObject({
  timeoutMs: number,
  outputBytes: number,
  valueBytes: number,
  artifactCount: number,
  artifactBytes: number,
  artifactTotalBytes: number,
  artifactDepth: number,
  memoryBytes: number,
  processes: number,
  diskBytes: number,
  cpus: number,
  openFiles: number,
});

/** How many bytes of output its reader has taken since the beginning. */
export const takenBodySchema = z.strictObject({ bytes: z.int().nonnegative() });

/** What a cell of a context is given. */
export const cellBodySchema = z.strictObject({
  code: z.string(),
  arguments: jsonObjectSchema.optional(),
  files: filesSchema.optional(),
  environment: environmentSchema.optional(),
  limits: limitsSchema.optional(),
  /** Whether `output` events are written as output comes, where the answer is a stream of events. @default true */
  followOutput: z.boolean().optional(),
  /** Most bytes of output that are written before {@link ROUTES.executionTaken} says that they were taken. Absent: as many as the connection has room for, which may be megabytes. */
  outputWindowBytes: z.int().min(1).optional(),
});

/** What a program in a sandbox that exists is given. */
export const sandboxExecutionBodySchema = cellBodySchema.extend({
  language: z.string().optional(),
  /** Absent: at its end from the start. `"stream"`: it comes by {@link ROUTES.executionInput}, for the execution that `accepted` named: only where the answer is a stream of events. */
  stdin: z.union([contentSchema, z.literal('stream')]).optional(),
  network: z.string().optional(),
});

/** What a program in a sandbox of its own is given. */
export const executionBodySchema = sandboxExecutionBodySchema.extend({ maxWaitMs: number });

/** What a caller writes to have a program run. */
export type ExecutionBody = z.input<typeof executionBodySchema>;

/** What a caller writes to have a program run in a sandbox that exists. */
export type SandboxExecutionBody = z.input<typeof sandboxExecutionBodySchema>;

/** What a caller writes to have a cell run. */
export type CellBody = z.input<typeof cellBodySchema>;

/** Content as bytes. */
export function toBytes(content: z.output<typeof contentSchema>): Uint8Array {
  return 'text' in content ? Buffer.from(content.text) : Buffer.from(content.base64, 'base64');
}

/** Bytes or text as content. */
export function toContent(content: string | Uint8Array): z.input<typeof contentSchema> {
  if (typeof content === 'string') return { text: content };
  return { base64: Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64') };
}
