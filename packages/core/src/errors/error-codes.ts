/** What a code means to a caller, an HTTP layer and a retry. */
export interface ErrorCodeFacts {
  /** The status with which an HTTP service of ours answers. */
  readonly httpStatus: number;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** One sentence: what was found. */
  readonly meaning: string;
}

/**
 * The one table of failures. The HTTP layer, the client's retry, the documentation and the conformance cases all
 * read it, so that none of them can disagree.
 */
export const ERROR_CODES = {
  REQUEST_INVALID: {
    httpStatus: 400,
    retryable: false,
    meaning: 'The request breaks a rule of the contract; the message names the field.',
  },
  LANGUAGE_UNSUPPORTED: {
    httpStatus: 400,
    retryable: false,
    meaning: 'No provider here runs this language.',
  },
  CAPABILITY_UNSUPPORTED: {
    httpStatus: 400,
    retryable: false,
    meaning: 'The provider declares that it cannot do what was asked.',
  },
  FILE_NOT_FOUND: {
    httpStatus: 404,
    retryable: false,
    meaning: 'The sandbox has no regular file at this path.',
  },
  SANDBOX_CLOSED: {
    httpStatus: 409,
    retryable: false,
    meaning: 'The sandbox was used up or destroyed, or its provider was closed.',
  },
  SANDBOX_NOT_FOUND: {
    httpStatus: 404,
    retryable: false,
    meaning: 'No sandbox of this id lives; it ended, or never was.',
  },
  CONTEXT_CLOSED: {
    httpStatus: 409,
    retryable: false,
    meaning: 'The context has ended and its variables with it; the sandbox and its files are still there.',
  },
  CONFIG_MISSING: {
    httpStatus: 500,
    retryable: false,
    meaning: 'No configuration is stored where one is needed.',
  },
  CONFIG_INVALID: {
    httpStatus: 500,
    retryable: false,
    meaning: 'A stored or given configuration breaks its schema; the message names the field.',
  },
  CONFIG_CONFLICT: {
    httpStatus: 409,
    retryable: false,
    meaning: 'Somebody else changed the stored configuration in the meantime; nothing of the change was stored.',
  },
  SECRET_UNREADABLE: {
    httpStatus: 500,
    retryable: false,
    meaning: 'A stored secret cannot be decrypted: the master key is missing or another one; the message names the row.',
  },
  SETTINGS_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'The database of the stored configuration cannot be reached, or did not answer in time.',
  },
  SETTINGS_SCHEMA_MISMATCH: {
    httpStatus: 500,
    retryable: false,
    meaning: 'The tables of the stored configuration are those of another version of Sandport.',
  },
  POLICY_VIOLATED: {
    httpStatus: 403,
    retryable: false,
    meaning: 'The stored policy does not allow this call, or this configuration.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    httpStatus: 422,
    retryable: false,
    meaning: 'The idempotency key belongs to another request.',
  },
  IDEMPOTENT_CALL_LOST: {
    httpStatus: 409,
    retryable: false,
    meaning:
      'The first call with this idempotency key ended without a word; nobody knows how far its program came, and it is not run again.',
  },
  PROVIDER_UNKNOWN: {
    httpStatus: 500,
    retryable: false,
    meaning: 'The configuration names a provider that this program does not carry.',
  },
  PROVIDER_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'The far side (engine, service) cannot be reached or failed.',
  },
  RUNTIME_MISSING: {
    httpStatus: 503,
    retryable: false,
    meaning: 'The far side lacks a runtime or an image that the configuration asks for.',
  },
  ISOLATION_MISMATCH: {
    httpStatus: 503,
    retryable: false,
    meaning: 'The isolation measured inside is not the one that was configured; nothing was run.',
  },
  AUTHENTICATION_FAILED: {
    httpStatus: 502,
    retryable: false,
    meaning: 'The far side refused our credentials.',
  },
  CAPACITY_EXHAUSTED: {
    httpStatus: 503,
    retryable: true,
    meaning: 'No sandbox became free in time.',
  },
  RATE_LIMITED: { httpStatus: 429, retryable: true, meaning: 'The far side asks us to slow down.' },
  QUOTA_EXCEEDED: {
    httpStatus: 429,
    retryable: false,
    meaning: 'An allowance of the account is used up.',
  },
  RESPONSE_INVALID: {
    httpStatus: 502,
    retryable: false,
    meaning: 'The far side answered something that its protocol does not allow.',
  },
  DEADLINE_EXCEEDED: {
    httpStatus: 504,
    retryable: true,
    meaning: 'The far side did not answer before our own deadline.',
  },
  CANCELLED: {
    httpStatus: 499,
    retryable: false,
    meaning: 'The caller withdrew the call before the program started.',
  },
  INTERNAL: { httpStatus: 500, retryable: false, meaning: 'A fault of Sandport itself.' },
} as const satisfies Record<string, ErrorCodeFacts>;

/** A key of {@link ERROR_CODES}. */
export type SandboxErrorCode = keyof typeof ERROR_CODES;
