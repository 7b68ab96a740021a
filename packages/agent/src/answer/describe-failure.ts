import { ERROR_CODES, type SandboxError, type SandboxErrorCode } from '@sandport/core';
import { cutLine } from './cut-text.ts';
import type { ModelAnswer } from './model-answer.ts';

const MESSAGE_CHARACTERS = 500;

/** Fields of a request that a model fills in, by their first part. What is said of these is meant for it. */
const MODEL_FIELDS = new Set(['code', 'language', 'arguments', 'files']);

const LATER = 'Call again a little later; nothing is wrong with the code.';
const OPERATOR = 'This cannot be mended by other code: say that running code is not possible at the moment, and go on without it.';
const UNSURE = 'It is not known how far the program came. Nothing that it did inside is kept; run it once more if that does no harm.';

/** What a model is to do, where it can do anything but go on without the tool. */
const ADVICE: Partial<Readonly<Record<SandboxErrorCode, string>>> = {
  CAPACITY_EXHAUSTED: LATER,
  RATE_LIMITED: LATER,
  PROVIDER_UNAVAILABLE: UNSURE,
  DEADLINE_EXCEEDED: UNSURE,
  RESPONSE_INVALID: UNSURE,
  SETTINGS_UNAVAILABLE: LATER,
  POLICY_VIOLATED: 'The operator does not allow this call. Do not try to get around that; say that it is not allowed.',
};

/**
 * What a model is told when Sandport could not do its part: the code, what the table of codes says it means, and what to do. The error's own message may name hosts,
 * files or rows of the operator, and is told only where it is about a field that the model filled in.
 *
 * @param advice What to do, where more is known than the code says.
 */
export function describeFailure(error: SandboxError, advice: string = ADVICE[error.code] ?? OPERATOR): ModelAnswer {
  const field = error.details?.['field'];
  if (typeof field === 'string' && isModelField(field) && isRefusal(error.code)) return refusal(error.message);
  return { status: 'unavailable', code: error.code, notes: [ERROR_CODES[error.code].meaning, withTime(advice, error.retryAfterMs)] };
}

/** What a model is told of input that was refused before anything ran. */
export function refusal(message: string): ModelAnswer {
  return {
    status: 'refused',
    code: 'REQUEST_INVALID',
    error: cutLine(message, MESSAGE_CHARACTERS),
    notes: ['Nothing was run. Correct the named field and call again.'],
  };
}

function isModelField(field: string): boolean {
  return MODEL_FIELDS.has(field.split('.')[0] ?? '');
}

function isRefusal(code: SandboxErrorCode): boolean {
  return code === 'REQUEST_INVALID' || code === 'LANGUAGE_UNSUPPORTED' || code === 'CAPABILITY_UNSUPPORTED';
}

function withTime(advice: string, retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? advice : `${advice} Wait ${Math.ceil(retryAfterMs)} ms first.`;
}
