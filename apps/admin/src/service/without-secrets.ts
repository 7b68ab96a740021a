import { SandboxError, type JsonObject, type JsonValue } from '@sandport/core';

/** The same failure without secrets in its texts. What is no error of ours is told without its text anyway. */
export function withoutSecrets(error: unknown, scrub: (text: string) => string): unknown {
  if (!SandboxError.isInstance(error)) return error;
  const { code, message, suggestion, providerId, operation, details, retryAfterMs } = error;
  return new SandboxError(code, scrub(message), {
    ...(suggestion === undefined ? {} : { suggestion: scrub(suggestion) }),
    ...(providerId === undefined ? {} : { providerId }),
    ...(operation === undefined ? {} : { operation }),
    ...(details === undefined ? {} : { details: scrubObject(details, scrub) }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function scrubObject(value: JsonObject, scrub: (text: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, scrubValue(member, scrub)]));
}

function scrubValue(value: JsonValue, scrub: (text: string) => string): JsonValue {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((member) => scrubValue(member, scrub));
  return typeof value === 'object' && value !== null ? scrubObject(value, scrub) : value;
}
