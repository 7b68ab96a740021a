import { isDeepStrictEqual } from 'node:util';
import { SandboxError, type ExecutionResult, type ExecutionStatus, type SandboxErrorCode } from '@sandport/core';
import { ConformanceFailure } from './conformance-failure.ts';

/** A result whose status is known. */
export type ResultWithStatus<Status extends ExecutionStatus> = Extract<ExecutionResult, { status: Status }>;

/** Both are the same, compared deeply and without conversion. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) throw new ConformanceFailure(what, actual, expected);
}

/** The finding holds. */
export function expectTrue(finding: boolean, what: string, actual: unknown = false, expected: unknown = true): asserts finding {
  if (!finding) throw new ConformanceFailure(what, actual, expected);
}

/** A text is there at all. */
export function expectText(text: string, what: string): void {
  if (text === '') throw new ConformanceFailure(what, text, 'a text');
}

/** A text begins in a certain way. */
export function expectBeginning(text: string, beginning: string, what: string): void {
  if (!text.startsWith(beginning)) throw new ConformanceFailure(what, text, `a text that begins with ${JSON.stringify(beginning)}`);
}

/** A text has a part. */
export function expectIncludes(text: string, part: string, what: string): void {
  if (!text.includes(part)) throw new ConformanceFailure(what, text, `a text with ${JSON.stringify(part)}`);
}

/** The result has the status. */
export function expectStatus<Status extends ExecutionStatus>(
  result: ExecutionResult,
  status: Status,
): asserts result is ResultWithStatus<Status> {
  if (result.status === status) return;
  const { error, exitCode, signal, stderr, evidence } = result;
  throw new ConformanceFailure('status', { status: result.status, error, exitCode, signal, stderr, evidence }, status);
}

/** The program completed, and `main` returned exactly this. */
export function expectValue(result: ExecutionResult, value: unknown): void {
  expectStatus(result, 'completed');
  expectTrue(Object.hasOwn(result, 'value'), 'the result has a value');
  expectEqual(result.value, value, 'value');
}

/** The result holds evidence of a kind; gives the first. */
export function expectEvidence<Kind extends ExecutionResult['evidence'][number]['kind']>(
  result: ExecutionResult,
  kind: Kind,
): Extract<ExecutionResult['evidence'][number], { kind: Kind }> {
  const found = result.evidence.find((evidence): evidence is Extract<typeof evidence, { kind: Kind }> => evidence.kind === kind);
  if (found === undefined) throw new ConformanceFailure(`evidence for ${result.status}`, result.evidence, `one of kind "${kind}"`);
  return found;
}

/** The call is refused with one of the codes (and, when given, names the field); gives the error. */
export async function expectRefusal(
  call: Promise<unknown>,
  codes: SandboxErrorCode | readonly SandboxErrorCode[],
  field?: string,
): Promise<SandboxError> {
  const accepted = typeof codes === 'string' ? [codes] : codes;
  const error = await rejectionOf(call, accepted);
  if (!SandboxError.isInstance(error)) throw new ConformanceFailure('kind of error', error, `a SandboxError ${accepted.join(' or ')}`);
  expectTrue(accepted.includes(error.code), 'code of the error', error.code, accepted.join(' or '));
  if (field !== undefined) expectNamesField(error, field);
  return error;
}

async function rejectionOf(call: Promise<unknown>, accepted: readonly SandboxErrorCode[]): Promise<unknown> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === 'rejected') return outcome.reason;
  throw new ConformanceFailure('the call is refused', outcome.value, `an error ${accepted.join(' or ')}`);
}

function expectNamesField(error: SandboxError, field: string): void {
  const named = error.details?.['field'];
  const matches = typeof named === 'string' && (named === field || named.startsWith(`${field}.`));
  expectTrue(matches, 'field in the details of the error', named, field);
  expectIncludes(error.message, field, 'message of the error');
}

/** The call settles in time. The bound is one that the contract gives, never a measure of speed. */
export async function expectSettled<Result>(call: Promise<Result>, boundMs: number, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConformanceFailure(what, `still pending after ${boundMs} ms`, 'settled')), boundMs);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
