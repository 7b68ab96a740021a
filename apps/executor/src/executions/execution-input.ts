import { parseExecutionRequest, SandboxError, type ContextRequestInput, type ExecutionRequest } from '@sandport/core';
import {
  toCellInput,
  toExecutionInput,
  type cellBodySchema,
  type executionBodySchema,
  type sandboxExecutionBodySchema,
} from '@sandport/executor-api';
import type { z } from 'zod';
import type { Access } from '../access/check-access.ts';
import { requestWithinToken } from '../access/token-policy.ts';
import type { ExecutionCall } from './answer-execution.ts';

type CellBody = z.output<typeof cellBodySchema>;
type SandboxBody = z.output<typeof sandboxExecutionBodySchema>;
type Body = z.output<typeof executionBodySchema>;

/**
 * The request that a body asks for, within what its token allows.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `POLICY_VIOLATED`.
 */
export function executionInput(
  body: Body | SandboxBody,
  access: Access,
  { execution, onOutput, isFollowed }: ExecutionCall,
): ExecutionRequest {
  if (body.stdin === 'stream' && !isFollowed) throw inputForNobody();
  const input = toExecutionInput(body);
  const request = parseExecutionRequest({
    ...input,
    tenant: access.tenant,
    onOutput,
    stdin: body.stdin === 'stream' ? execution.input.read() : input.stdin,
  });
  return requestWithinToken(access.token, request);
}

function inputForNobody(): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'stdin: comes by itself only where the answer is a stream of events, which names the call.', {
    suggestion: 'Ask for a stream of events by "Accept", or send the input along; nothing was run.',
    details: { field: 'stdin' },
  });
}

/** As {@link executionInput}, for a cell of a context. */
export function cellInput(body: CellBody, access: Access): ContextRequestInput {
  const input = toCellInput(body);
  const { limits } = requestWithinToken(access.token, parseExecutionRequest(input));
  const { timeoutMs, outputBytes } = access.token.maxima;
  // Only what the token lowers is written down: the rest stays the provider's to choose.
  return {
    ...input,
    limits: {
      ...input.limits,
      ...(timeoutMs === undefined ? {} : { timeoutMs: limits.timeoutMs }),
      ...(outputBytes === undefined ? {} : { outputBytes: limits.outputBytes }),
    },
  };
}
