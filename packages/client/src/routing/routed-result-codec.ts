import {
  decodeExecutionResult,
  describeIssue,
  encodeExecutionResult,
  ERROR_CODES,
  jsonObjectSchema,
  SandboxError,
  type SandboxErrorCode,
} from '@sandport/core';
import { z } from 'zod';
import type { ResultCodec } from '../idempotency/stored-outcome.ts';
import type { RoutedResult } from './call-route.ts';

const codes = Object.keys(ERROR_CODES) as [SandboxErrorCode, ...SandboxErrorCode[]];

const routeSchema = z.strictObject({
  configurationVersion: z.int().positive().nullable(),
  steps: z.array(
    z.strictObject({
      providerId: z.string(),
      outcome: z.enum(['used', 'failed', 'skipped']),
      code: z.enum(codes).exactOptional(),
      reason: z.string().exactOptional(),
    }),
  ),
});

/** A result with its route, as JSON. */
export const ROUTED_RESULT_CODEC: ResultCodec<RoutedResult> = {
  encode: ({ route, ...result }) => ({
    result: encodeExecutionResult(result),
    route: jsonObjectSchema.parse(JSON.parse(JSON.stringify(route))),
  }),
  decode: ({ result, route }) => {
    const parsed = routeSchema.safeParse(route);
    if (!parsed.success) {
      const { field, message } = describeIssue(parsed.error, 'route');
      throw new SandboxError('RESPONSE_INVALID', `route.${field}: ${message}.`, {
        operation: 'decodeResult',
        suggestion: 'Check that all clients run compatible versions of Sandport.',
      });
    }
    return { ...decodeExecutionResult(result), route: parsed.data };
  },
};
