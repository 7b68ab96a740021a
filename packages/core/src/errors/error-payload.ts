import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';
import { ERROR_CODES, type SandboxErrorCode } from './error-codes.ts';
import { SandboxError } from './sandbox-error.ts';

const codes = Object.keys(ERROR_CODES) as [SandboxErrorCode, ...SandboxErrorCode[]];

/** How a {@link SandboxError} looks as JSON: on a wire, in `--json` output. It carries no cause and no stack. */
export const errorPayloadSchema = z.object({
  code: z.enum(codes),
  message: z.string(),
  retryable: z.boolean(),
  suggestion: z.string().optional(),
  providerId: z.string().optional(),
  operation: z.string().optional(),
  details: jsonObjectSchema.optional(),
  retryAfterMs: z.number().nonnegative().optional(),
});

/** The JSON form of a {@link SandboxError}. */
export type ErrorPayload = z.output<typeof errorPayloadSchema>;

/** The JSON form of an error, fit to be shown to the caller. Anything that is not a SandboxError becomes `INTERNAL` without its text. */
export function toErrorPayload(error: unknown): ErrorPayload {
  if (!SandboxError.isInstance(error)) {
    return {
      code: 'INTERNAL',
      message: 'An unexpected fault of Sandport.',
      retryable: ERROR_CODES.INTERNAL.retryable,
    };
  }
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.suggestion === undefined ? {} : { suggestion: error.suggestion }),
    ...(error.providerId === undefined ? {} : { providerId: error.providerId }),
    ...(error.operation === undefined ? {} : { operation: error.operation }),
    ...(error.details === undefined ? {} : { details: error.details }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  };
}

/** The error that a payload describes. What does not parse becomes `RESPONSE_INVALID` with the finding as its cause. */
export function fromErrorPayload(payload: unknown): SandboxError {
  const parsed = errorPayloadSchema.safeParse(payload);
  if (!parsed.success) {
    return new SandboxError('RESPONSE_INVALID', 'The far side answered with an error that cannot be read.', {
      cause: parsed.error,
      suggestion: 'Check that both sides run compatible versions of Sandport.',
    });
  }
  const { code, message, suggestion, providerId, operation, details, retryAfterMs } = parsed.data;
  return new SandboxError(code, message, {
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(providerId === undefined ? {} : { providerId }),
    ...(operation === undefined ? {} : { operation }),
    ...(details === undefined ? {} : { details }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
