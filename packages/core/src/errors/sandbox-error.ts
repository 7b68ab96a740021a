import type { JsonObject } from '../json.ts';
import { ERROR_CODES, type SandboxErrorCode } from './error-codes.ts';

const MARKER: unique symbol = Symbol.for('@sandport/core.SandboxError');

/** What may accompany a {@link SandboxError}. */
export interface SandboxErrorOptions {
  /** One sentence that says what to do next. */
  readonly suggestion?: string;
  /** The provider that failed, by id. */
  readonly providerId?: string;
  /** What was being done, for example `createSandbox`. */
  readonly operation?: string;
  /** Facts for programs: plain JSON, never a secret. */
  readonly details?: JsonObject;
  /** Milliseconds after which a retry has a chance, when the far side said so. */
  readonly retryAfterMs?: number;
  /** The failure underneath. */
  readonly cause?: unknown;
}

/**
 * What *we* could not do. It is thrown; what the *program* did is a result and is never thrown.
 *
 * Recognise it with {@link SandboxError.isInstance}, which also works when two copies of this package are installed;
 * branch on `code`, never on the message.
 */
export class SandboxError extends Error {
  readonly [MARKER] = true;
  override readonly name = 'SandboxError';
  readonly code: SandboxErrorCode;
  readonly suggestion: string | undefined;
  readonly providerId: string | undefined;
  readonly operation: string | undefined;
  readonly details: JsonObject | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: SandboxErrorCode, message: string, options: SandboxErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.suggestion = options.suggestion;
    this.providerId = options.providerId;
    this.operation = options.operation;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether the same call may succeed later; read from {@link ERROR_CODES}. */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }

  /** Whether a value is a SandboxError, of this or another installed copy of the package. */
  static isInstance(value: unknown): value is SandboxError {
    return typeof value === 'object' && value !== null && Reflect.get(value, MARKER) === true;
  }
}
