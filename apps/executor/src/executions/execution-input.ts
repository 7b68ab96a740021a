import { parseExecutionRequest, type ContextRequestInput, type ExecutionRequest, type ExecutionRequestInput } from '@sandport/core';
import { toBytes, type cellBodySchema, type executionBodySchema, type sandboxExecutionBodySchema } from '@sandport/executor-api';
import type { z } from 'zod';
import type { Access } from '../access/check-access.ts';
import { requestWithinToken } from '../access/token-policy.ts';
import type { ExecutionCall } from './answer-execution.ts';

type CellBody = z.output<typeof cellBodySchema>;
type SandboxBody = z.output<typeof sandboxExecutionBodySchema>;
type Body = z.output<typeof executionBodySchema>;

/** What of a body is the same wherever it runs. */
function commonInput({
  code,
  arguments: given,
  files,
  environment,
  limits,
}: CellBody): Pick<ExecutionRequestInput, 'code' | 'arguments' | 'files' | 'environment' | 'limits'> {
  return {
    code,
    arguments: given,
    environment,
    limits,
    files: files === undefined ? undefined : Object.fromEntries(Object.entries(files).map(([path, content]) => [path, toBytes(content)])),
  };
}

/**
 * The request that a body asks for, within what its token allows.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `POLICY_VIOLATED`.
 */
export function executionInput(
  body: Body | SandboxBody,
  access: Access,
  { execution, onOutput }: Pick<ExecutionCall, 'execution' | 'onOutput'>,
): ExecutionRequest {
  const { stdin, language } = body;
  // What is no policy of the contract is refused by the contract's own check, which names the field.
  const network = body.network as ExecutionRequestInput['network'];
  const request = parseExecutionRequest({
    ...commonInput(body),
    language,
    network,
    tenant: access.tenant,
    onOutput,
    stdin: stdin === 'stream' ? execution.input.read() : stdin === undefined ? undefined : toBytes(stdin),
    ...('maxWaitMs' in body ? { maxWaitMs: body.maxWaitMs } : {}),
  });
  return requestWithinToken(access.token, request);
}

/** As {@link executionInput}, for a cell of a context. */
export function cellInput(body: CellBody, access: Access): ContextRequestInput {
  const input = commonInput(body);
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
