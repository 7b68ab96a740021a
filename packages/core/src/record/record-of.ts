import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describeIssue } from '../errors/describe-issue.ts';
import { SandboxError } from '../errors/sandbox-error.ts';
import { givenLimits, parseExecutionRequest, type ExecutionRequest, type ExecutionRequestInput } from '../execution/execution-request.ts';
import type { ExecutionResult } from '../execution/execution-result.ts';
import { executionRecordSchema, type ExecutionRecord } from './execution-record.ts';

/** What neither the request nor the result says, where it is known. */
export interface RecordFacts {
  readonly versions?: Partial<ExecutionRecord['versions']> | undefined;
  /** Digest of the image that the sandbox was made of, for example `sha256:…`. @default null */
  readonly imageDigest?: string | null | undefined;
  /** @default now */
  readonly recordedAtMs?: number | undefined;
}

/**
 * The record of a call, from which it can be made again. Values of environment variables, the tenant and whatever else a client goes by are left out.
 *
 * @param request What the call was made with. Standard input as text or bytes.
 * @throws SandboxError `REQUEST_INVALID` naming the field, also for standard input that is a stream; `RESPONSE_INVALID` for a result that breaks the contract.
 */
export function recordOf(
  request: ExecutionRequestInput | ExecutionRequest,
  result: ExecutionResult,
  { versions = {}, imageDigest = null, recordedAtMs = Date.now() }: RecordFacts = {},
): ExecutionRecord {
  const checked = 'sandboxLimits' in request ? parseExecutionRequest(request) : parseExecutionRequest(partOfContract(request));
  if (!(checked.stdin instanceof Uint8Array)) throw streamRefused();
  const parsed = executionRecordSchema.safeParse({
    formatVersion: 1,
    recordedAtMs,
    versions: { sandport: null, provider: null, interpreter: null, ...versions },
    provider: { id: result.providerId, isolation: result.isolation, imageDigest },
    request: {
      language: checked.language,
      entry: entryOf(result),
      code: checked.code,
      arguments: checked.arguments,
      stdinBase64: base64(checked.stdin),
      files: [...checked.files].map(([path, content]) => ({ path, contentBase64: base64(content) })),
      environmentNames: Object.keys(checked.environment),
      limits: givenLimits(checked),
      network: checked.network,
    },
    result: recordedResult(result),
  });
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'record');
  throw new SandboxError('RESPONSE_INVALID', `${field}: ${message} (record of an execution).`, {
    operation: 'recordExecution',
    suggestion: 'Give the result as the client or the provider returned it.',
    details: { field },
    cause: parsed.error,
  });
}

/** Without what a client alone goes by. */
function partOfContract(input: ExecutionRequestInput): ExecutionRequestInput {
  const { code, language, arguments: programArguments, files, environment, stdin, limits, network } = input;
  return { code, language, arguments: programArguments, files, environment, stdin, limits, network };
}

function entryOf(result: ExecutionResult): ExecutionRecord['request']['entry'] {
  if (result.status !== 'completed') return null;
  return result.valueJson === undefined ? 'script' : 'main';
}

function recordedResult(result: ExecutionResult): ExecutionRecord['result'] {
  const { status, error, stdout, stderr, truncated, exitCode, signal, artifacts, clock, evidence } = result;
  const files = artifacts.files.map(({ path, mediaType, sizeBytes, content }) => ({
    path,
    mediaType,
    sizeBytes,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  return {
    status,
    error,
    valueJson: result.status === 'completed' ? (result.valueJson ?? null) : null,
    stdout,
    stderr,
    truncated,
    exitCode,
    signal,
    artifacts: { files, omitted: [...artifacts.omitted], complete: artifacts.complete },
    clock,
    evidence: evidence.map((one) =>
      'hardening' in one ? { ...one, hardening: [...(one.hardening ?? [])] } : one,
    ) as ExecutionRecord['result']['evidence'],
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function streamRefused(): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'stdin: a stream cannot be recorded.', {
    suggestion: 'Give the text or the bytes that the program was given.',
    details: { field: 'stdin' },
  });
}
