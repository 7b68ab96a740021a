import { EXECUTION_LIMIT_RANGES, givenLimits, type ExecutionLimits, type ExecutionRequest } from '@sandport/core';
import { toContent, type SandboxExecutionBody } from '@sandport/executor-api';
import type { LineRequest } from './sandbox-line.ts';
import { jsonBody } from './sandbox-line.ts';

/** The request by which a program, or a cell of a context, is run. */
export function executionOrder(request: ExecutionRequest, contextId: string | null): LineRequest {
  const action = 'execute';
  if (contextId === null) return { action, method: 'POST', route: 'sandboxExecutions', body: jsonBody(programBody(request)) };
  return { action, method: 'POST', route: 'contextExecutions', parameters: { context: contextId }, body: jsonBody(cellBody(request)) };
}

function programBody(request: ExecutionRequest): SandboxExecutionBody {
  const { language, network, stdin } = request;
  const isStream = !(stdin instanceof Uint8Array);
  return {
    ...cellBody(request),
    language,
    ...(network === 'none' ? {} : { network }),
    ...(isStream ? { stdin: 'stream' as const } : stdin.byteLength === 0 ? {} : { stdin: toContent(stdin) }),
  };
}

function cellBody(request: ExecutionRequest): Omit<SandboxExecutionBody, 'language' | 'stdin' | 'network'> {
  const { code, files, environment, onOutput } = request;
  const limits = limitsOnWire(request);
  return {
    code,
    ...(Object.keys(request.arguments).length === 0 ? {} : { arguments: request.arguments }),
    ...(files.size === 0 ? {} : { files: Object.fromEntries([...files].map(([path, content]) => [path, toContent(content)])) }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    followOutput: onOutput !== undefined,
    ...(onOutput === undefined ? {} : { outputWindowBytes: OUTPUT_WINDOW_BYTES }),
  };
}

/** Output that may be on its way to a listener who takes his time. */
export const OUTPUT_WINDOW_BYTES = 1024 * 1024;

/** What the caller wrote, and what was lowered since: what is the contract's default here is for the executor to choose. */
function limitsOnWire(request: ExecutionRequest): NonNullable<SandboxExecutionBody['limits']> {
  const changed = (Object.keys(EXECUTION_LIMIT_RANGES) as (keyof ExecutionLimits)[]).filter(
    (name) => request.limits[name] !== EXECUTION_LIMIT_RANGES[name].default,
  );
  return { ...Object.fromEntries(changed.map((name) => [name, request.limits[name]])), ...givenLimits(request) };
}
