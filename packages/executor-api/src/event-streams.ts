import { errorPayloadSchema, executionResultSchema } from '@sandport/core';
import { z } from 'zod';
import { sandboxAnswerSchema } from './sandbox-body.ts';

/** Nothing has happened for a while, and the connection lives. */
const alive = z.strictObject({ type: z.literal('alive') });

/** The end of a call that failed. */
const error = z.strictObject({ type: z.literal('error'), error: errorPayloadSchema });

/** One event of an execution that is followed: a line of JSON, or the data of a server-sent event whose name is its type. */
export const executionEventSchema = z.discriminatedUnion('type', [
  /** The call was taken; with this id it can be withdrawn and be given input. Always the first. */
  z.strictObject({ type: z.literal('accepted'), id: z.string().min(1).max(256) }),
  z.strictObject({ type: z.literal('output'), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  alive,
  /** The end of a call whose program was run: what `encodeExecutionResult` writes. */
  z.strictObject({ type: z.literal('result'), result: executionResultSchema }),
  error,
]);

/** One event of an execution that is followed, as it is read. */
export type ExecutionEvent = z.output<typeof executionEventSchema>;

/** One event of an execution that is followed, as it is written. */
export type WrittenExecutionEvent = z.input<typeof executionEventSchema>;

/** One event of a sandbox that lives as long as the request that made it. */
export const sandboxEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sandbox'), sandbox: sandboxAnswerSchema }),
  alive,
  /** It was destroyed. The answer ends here. */
  z.strictObject({ type: z.literal('ended') }),
  /** None was made. The answer ends here. */
  error,
]);

/** One event of a sandbox that lives as long as the request that made it. */
export type SandboxEvent = z.output<typeof sandboxEventSchema>;
