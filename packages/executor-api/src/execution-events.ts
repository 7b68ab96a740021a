import { errorPayloadSchema, executionResultSchema } from '@sandport/core';
import { z } from 'zod';

/** One event of an execution that is followed: a line of JSON, or the data of a server-sent event whose name is its type. */
export const executionEventSchema = z.discriminatedUnion('type', [
  /** The call was taken; with this id it can be withdrawn. */
  z.strictObject({ type: z.literal('accepted'), id: z.string() }),
  z.strictObject({ type: z.literal('output'), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  /** Nothing has happened for a while, and the connection lives. */
  z.strictObject({ type: z.literal('alive') }),
  /** The end of a call whose program was run: {@link encodeExecutionResult}. */
  z.strictObject({ type: z.literal('result'), result: executionResultSchema }),
  /** The end of a call that failed. */
  z.strictObject({ type: z.literal('error'), error: errorPayloadSchema }),
]);

/** One event of an execution that is followed. */
export type ExecutionEvent = z.output<typeof executionEventSchema>;
