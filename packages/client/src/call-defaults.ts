import {
  parseExecutionRequest,
  parseLanguage,
  SANDBOX_LIMIT_NAMES,
  SandboxError,
  type CreateSandboxOptions,
  type ExecutionLimits,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type NetworkPolicy,
} from '@sandport/core';

/** What calls mean that do not say otherwise. */
export interface CallDefaults {
  /** Of `execute`. Any spelling of `LANGUAGE_ALIASES`. @default 'python' */
  readonly language?: string | undefined;
  /** Each limit for itself; see `ExecutionLimits` and `SandboxLimits`. @default those of the contract, and the provider's */
  readonly limits?: ExecutionRequestInput['limits'];
  /** @default 'none' */
  readonly network?: NetworkPolicy | undefined;
  /** @default 'default' */
  readonly tenant?: string | undefined;
  /** Milliseconds. @default the provider's configuration */
  readonly maxWaitMs?: number | undefined;
}

const DEFAULT_NAMES: ReadonlySet<string> = new Set([
  'language',
  'limits',
  'network',
  'tenant',
  'maxWaitMs',
] satisfies (keyof CallDefaults)[]);

const SANDBOX_LIMITS: ReadonlySet<string> = new Set(SANDBOX_LIMIT_NAMES);

/** Defaults that were checked. They are merged under what callers say. */
export class CheckedDefaults {
  readonly #defaults: CallDefaults;
  /** Limits of one execution alone. */
  readonly executionLimits: Partial<ExecutionLimits>;

  /** @throws SandboxError `REQUEST_INVALID` or `LANGUAGE_UNSUPPORTED` naming the field below `defaults`. */
  constructor(defaults: CallDefaults = {}) {
    check(defaults);
    this.#defaults = defined(defaults);
    this.executionLimits = limitsOf(defaults, (name) => !SANDBOX_LIMITS.has(name));
  }

  /** A request with what it leaves out. What is no request stays what it is, and is refused by whoever checks it. */
  under(input: ExecutionRequestInput): ExecutionRequestInput {
    if (!isRecord(input)) return input;
    return withDefaultLimits({ ...this.#defaults, limits: undefined, ...defined(input) }, this.#defaults.limits ?? {});
  }

  /** As {@link CheckedDefaults.under}, for a sandbox that is kept. */
  underSandbox(options: CreateSandboxOptions): CreateSandboxOptions {
    if (!isRecord(options)) return options;
    const { language, limits: _, ...defaults } = this.#defaults;
    const chosen = { ...defaults, ...(language === undefined ? {} : { language: parseLanguage(language) }), ...defined(options) };
    return withDefaultLimits(
      chosen,
      limitsOf(this.#defaults, (name) => SANDBOX_LIMITS.has(name)),
    );
  }
}

/** Something with limits, and those that it leaves out. A request that was checked already is complete. */
export function withDefaultLimits<Input extends Pick<ExecutionRequestInput, 'limits'> | ExecutionRequest>(
  input: Input,
  limits: NonNullable<CallDefaults['limits']>,
): Input {
  if (!isRecord(input) || isChecked(input) || Object.keys(limits).length === 0) return input;
  const own: unknown = input.limits;
  if (own !== undefined && !isRecord(own)) return input;
  return { ...input, limits: { ...limits, ...defined(own ?? {}) } };
}

/** Whether a request came out of `parseExecutionRequest`. */
export function isChecked(input: object): input is ExecutionRequest {
  return 'sandboxLimits' in input;
}

function check(defaults: CallDefaults): void {
  if (!isRecord(defaults)) throw refuse('defaults', 'must be an object');
  const stray = Object.keys(defaults).find((name) => !DEFAULT_NAMES.has(name));
  if (stray !== undefined) throw refuse(`defaults.${stray}`, 'is not a known field');
  try {
    parseExecutionRequest({ ...defaults, code: '' });
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    const field = error.details?.['field'];
    throw new SandboxError(error.code, `defaults: ${error.message}`, {
      suggestion: 'Correct the defaults where the client is created.',
      details: { field: `defaults.${typeof field === 'string' ? field : 'language'}` },
      cause: error,
    });
  }
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: 'Correct the defaults where the client is created.',
    details: { field },
  });
}

function limitsOf(defaults: CallDefaults, isWanted: (name: string) => boolean): Record<string, number> {
  return Object.fromEntries(Object.entries(defined(defaults.limits ?? {})).filter(([name]) => isWanted(name)));
}

/** Without the members that are `undefined`, which would hide what lies under them. */
function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
