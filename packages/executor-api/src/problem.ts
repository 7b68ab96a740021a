import {
  ERROR_CODES,
  errorPayloadSchema,
  fromErrorPayload,
  toErrorPayload,
  type SandboxError,
  type SandboxErrorCode,
} from '@sandport/core';
import { z } from 'zod';

/** Codes of failures that only a service has, beside those of the contract. */
export const SERVICE_PROBLEMS = {
  UNAUTHENTICATED: { httpStatus: 401, meaning: 'No token, or one that is unknown, revoked or expired.' },
  FORBIDDEN: { httpStatus: 403, meaning: 'The token may not do this.' },
  NOT_FOUND: { httpStatus: 404, meaning: 'There is nothing at this path.' },
  METHOD_NOT_ALLOWED: { httpStatus: 405, meaning: 'Not with this method.' },
  BODY_TOO_LARGE: { httpStatus: 413, meaning: 'The body is larger than this service takes.' },
  MEDIA_TYPE_UNSUPPORTED: { httpStatus: 415, meaning: 'The body is of a kind that is not taken here.' },
  TOO_MANY_REQUESTS: { httpStatus: 429, meaning: 'The token has used up its calls for now.' },
  STOPPING: { httpStatus: 503, meaning: 'The service is being stopped and takes nothing new.' },
} as const;

/** A key of {@link SERVICE_PROBLEMS}. */
export type ServiceProblemCode = keyof typeof SERVICE_PROBLEMS;

/** A failure as it is answered, after RFC 9457: the error payload of the contract, with what that standard asks for. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  retryable: z.boolean(),
  suggestion: z.string().optional(),
  retryAfterMs: z.number().nonnegative().optional(),
});

/** A failure as it is answered. */
export type Problem = z.output<typeof problemSchema>;

/** A failure of the contract as a problem. What is no SandboxError says nothing of itself. */
export function toProblem(error: unknown): Problem {
  const { message, ...payload } = toErrorPayload(error);
  const { httpStatus, meaning } = ERROR_CODES[payload.code];
  return { type: typeOf(payload.code), title: meaning, status: httpStatus, detail: message, ...payload };
}

/** A failure of the service as a problem. */
export function toServiceProblem(code: ServiceProblemCode, detail: string, more: { readonly retryAfterMs?: number } = {}): Problem {
  const { httpStatus, meaning } = SERVICE_PROBLEMS[code];
  return {
    type: typeOf(code),
    title: meaning,
    status: httpStatus,
    code,
    detail,
    retryable: httpStatus === 429 || httpStatus === 503,
    ...more,
  };
}

/** The error of the contract that a problem describes; nothing when it is one of the service's own, or none at all. */
export function fromProblem(problem: unknown): SandboxError | undefined {
  const parsed = problemSchema.safeParse(problem);
  if (!parsed.success || !isContractCode(parsed.data.code)) return undefined;
  const payload = errorPayloadSchema.safeParse({ ...parsed.data, message: parsed.data.detail });
  return payload.success ? fromErrorPayload(payload.data) : undefined;
}

function isContractCode(code: string): code is SandboxErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

/** A name and no address: nothing has to be reached to understand it. */
function typeOf(code: string): string {
  return `urn:sandport:problem:${code.toLowerCase().replaceAll('_', '-')}`;
}
