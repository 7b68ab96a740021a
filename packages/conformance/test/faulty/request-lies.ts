import { posix } from 'node:path';
import { EXECUTION_LIMIT_RANGES, parseExecutionRequest, type ExecutionRequest, type ExecutionRequestInput } from '@sandport/core';
import type { FaultyProviders } from './faulty-provider.ts';

/** Lies at the door. */
export const REQUEST_LIES: FaultyProviders = {
  'swallows-unknown-fields': { habits: { checkRequest: dropUnknownFields }, fails: ['requests/unknown-field'] },
  'corrects-limits': { habits: { checkRequest: correctTimeout }, fails: ['requests/limits'] },
  'corrects-paths': { habits: { cleanPath: correctPath }, fails: ['files/exchange-escapes'] },
  'shows-secret': { habits: { healthNote: (secret) => ` The key is ${secret}.` }, fails: ['health/no-secrets'] },
};

const FIELDS = ['code', 'language', 'arguments', 'files', 'environment', 'limits', 'network', 'tenant', 'onOutput'] as const;

function dropUnknownFields(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (isChecked(input)) return input;
  const known = Object.fromEntries(FIELDS.filter((name) => Object.hasOwn(input, name)).map((name) => [name, input[name]]));
  return parseExecutionRequest({ ...known, code: input.code });
}

function correctTimeout(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (isChecked(input) || input.limits?.timeoutMs === undefined) return parseExecutionRequest(input);
  const { min, max } = EXECUTION_LIMIT_RANGES.timeoutMs;
  const timeoutMs = Math.max(min, Math.min(max, Math.round(input.limits.timeoutMs)));
  return parseExecutionRequest({ ...input, limits: { ...input.limits, timeoutMs } });
}

function isChecked(input: ExecutionRequestInput | ExecutionRequest): input is ExecutionRequest {
  return input.files instanceof Map;
}

function correctPath(path: string): string {
  return posix.join('/', path.replaceAll('\\', '/').replace(/\p{Cc}/gu, '')).slice(1, 400) || 'unnamed';
}
