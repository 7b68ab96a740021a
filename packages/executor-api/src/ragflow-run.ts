import { jsonObjectSchema } from '@sandport/core';
import { z } from 'zod';

/** What RAGFlow's executor manager is asked. Members that it does not know are ignored. */
export const ragflowRunRequestSchema = z.object({
  code_b64: z.string(),
  language: z.enum(['python', 'nodejs']).default('python'),
  arguments: jsonObjectSchema.nullish(),
});

/** What RAGFlow's executor manager is asked, as a client writes it. */
export type RagflowRunRequest = z.input<typeof ragflowRunRequestSchema>;

/** How a run came out, in RAGFlow's words. `runtime_error` is in its list and was never answered. */
export const RAGFLOW_STATUSES = [
  'success',
  'program_error',
  'resource_limit_exceeded',
  'unauthorized_access',
  'runtime_error',
  'program_runner_error',
] as const;

/** What RAGFlow's executor manager answers. */
export const ragflowRunAnswerSchema = z.object({
  status: z.enum(RAGFLOW_STATUSES),
  stdout: z.string(),
  stderr: z.string(),
  exit_code: z.int(),
  detail: z.string().nullish(),
  time_used_ms: z.number().nullish(),
  memory_used_kb: z.number().nullish(),
  resource_limit_type: z.enum(['time', 'memory', 'output']).nullish(),
  unauthorized_access_type: z.enum(['disallowed_syscall', 'file_access', 'network_access']).nullish(),
  runtime_error_type: z.enum(['signalled', 'nonzero_exit']).nullish(),
  artifacts: z
    .array(z.object({ name: z.string(), mime_type: z.string(), size: z.int().nonnegative(), content_b64: z.base64() }))
    .default([]),
  result: z.object({ present: z.boolean(), value: z.unknown(), type: z.literal('json') }).nullish(),
});

/** What RAGFlow's executor manager answers. */
export type RagflowRunAnswer = z.output<typeof ragflowRunAnswerSchema>;

/** What both health routes of RAGFlow's executor manager answer, whatever its state. */
export const RAGFLOW_HEALTH = { status: 'ok' } as const;
