import type { CallOptions } from '@sandport/core';
import { capabilitiesAnswerSchema, pathOf } from '@sandport/executor-api';
import type { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import type { HttpClient } from '../http/http-client.ts';
import { selfManagedError } from '../self-managed-errors.ts';

/** Lets an executor of ours say what it is and can do. */
export async function describeExecutor({
  client,
  endpoint,
  operation,
  call: { signal },
}: {
  readonly client: HttpClient;
  readonly endpoint: Endpoint;
  readonly operation: string;
  readonly call: CallOptions;
}): Promise<z.output<typeof capabilitiesAnswerSchema>> {
  const request = { action: operation, endpoint, method: 'GET', path: pathOf('capabilities') } as const;
  const parsed = capabilitiesAnswerSchema.safeParse(await client.call(request, { signal, isSafe: true }));
  if (parsed.success) return parsed.data;
  throw selfManagedError(
    'RESPONSE_INVALID',
    operation,
    `The executor at ${endpoint.host} describes itself in another version of its protocol.`,
    {
      suggestion: 'Let both sides run the same version of Sandport.',
      cause: parsed.error,
    },
  );
}
