import type { CodeRunner } from '@sandport/agent';
import {
  checkSandboxOptions,
  EXECUTION_LIMIT_RANGES,
  lowerDefaultLimits,
  parseExecutionRequest,
  SANDBOX_LIMIT_NAMES,
  SandboxError,
  type CreateSandboxOptions,
  type ProviderCapabilities,
  type SandboxLimits,
} from '@sandport/core';
import { z } from 'zod';
import { refusedOption } from '../option-errors.ts';

const MEBIBYTE = 1024 * 1024;

/** What a backend is made of. */
export interface SandboxBackendOptions {
  /** Where the sandbox is made; it must run Python, with subprocesses, more than once in a sandbox. It stays the caller's to close. */
  readonly runner: CodeRunner;
  /** `timeoutMs` of each call, and the limits of the sandbox. @default those of the contract and of the provider */
  readonly limits?: ({ readonly timeoutMs?: number | undefined } & SandboxLimits) | undefined;
  /** On whose behalf. @default 'default' */
  readonly tenant?: string | undefined;
  /** Time without a call after which the sandbox ends by itself, in milliseconds, where the provider keeps such times: 1000 to 86400000. @default 600000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Bytes of a command's output that are brought back, stdout and stderr together: its beginning and its end. 1000 to 8388608. @default 65536 */
  readonly outputBytes?: number | undefined;
  /** Bytes of a file that is read or edited: 1000 to 20971520. @default 10485760 */
  readonly fileBytes?: number | undefined;
  /** Told of each failure of Sandport's own of which the model learns the code only. What it throws ends the call. */
  readonly onFailure?: ((error: SandboxError) => void) | undefined;
}

const optionsSchema = z.strictObject({
  runner: z.custom<CodeRunner>((value) => typeof value === 'object' && value !== null && 'capabilities' in value, 'must be a runner'),
  limits: z.partialRecord(z.enum(['timeoutMs', ...SANDBOX_LIMIT_NAMES]), z.unknown()).optional(),
  tenant: z.string().optional(),
  idleTimeoutMs: z.int().min(1000).max(86_400_000).default(600_000),
  outputBytes: z
    .int()
    .min(1000)
    .max(8 * MEBIBYTE)
    .default(65_536),
  fileBytes: z
    .int()
    .min(1000)
    .max(20 * MEBIBYTE)
    .default(10 * MEBIBYTE),
  onFailure: z.custom<(error: SandboxError) => void>((value) => typeof value === 'function', 'must be a function').optional(),
});

/** Options that were checked and completed. */
export interface CheckedBackendOptions {
  readonly runner: CodeRunner;
  readonly sandbox: CreateSandboxOptions;
  /** Of each call. */
  readonly timeoutMs: number;
  readonly outputBytes: number;
  readonly fileBytes: number;
  readonly onFailure: (error: SandboxError) => void;
}

/** What the program in the sandbox writes beside a command's output. */
export const OUTPUT_MARGIN_BYTES = 4096;

/**
 * Checks the options against themselves and against what the provider can do.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED` or `CAPABILITY_UNSUPPORTED`, naming the option.
 */
export function checkBackendOptions(options: SandboxBackendOptions): CheckedBackendOptions {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw refusedOption(parsed.error);
  const { runner, tenant, idleTimeoutMs, outputBytes, fileBytes, onFailure } = parsed.data;
  const { capabilities } = runner;
  checkCapabilities(capabilities);
  const { timeoutMs, ...sandboxLimits } = options.limits ?? {};
  const request = lowerDefaultLimits(
    parseExecutionRequest({ code: '', language: 'python', tenant, limits: { timeoutMs, ...sandboxLimits } }),
    capabilities.maxima,
  );
  checkMaximum('limits.timeoutMs', request.limits.timeoutMs, capabilities.maxima.timeoutMs);
  checkMaximum(
    'outputBytes',
    outputBytes,
    (capabilities.maxima.outputBytes ?? EXECUTION_LIMIT_RANGES.outputBytes.max) - OUTPUT_MARGIN_BYTES,
  );
  const sandbox: CreateSandboxOptions = {
    language: 'python',
    tenant,
    limits: request.sandboxLimits,
    ...(capabilities.lifetimes ? { idleTimeoutMs: Math.min(idleTimeoutMs, capabilities.maxima.lifetimeMs ?? idleTimeoutMs) } : {}),
  };
  checkSandboxOptions('runner', capabilities, sandbox);
  return { runner, sandbox, timeoutMs: request.limits.timeoutMs, outputBytes, fileBytes, onFailure: onFailure ?? (() => undefined) };
}

function checkCapabilities({ subprocesses, executionsPerSandbox, files }: ProviderCapabilities): void {
  if (!subprocesses) throw unsupported('starts no subprocesses, so that there is no shell');
  if (executionsPerSandbox === 'one') throw unsupported('executes once in a sandbox, so that no file stays for the next command');
  if (!files) throw unsupported('takes no files');
}

function unsupported(what: string): SandboxError {
  return new SandboxError('CAPABILITY_UNSUPPORTED', `runner: its provider ${what}.`, {
    operation: 'createSandboxBackend',
    suggestion: 'Take a provider with a shell, for example that of Docker; a tool that runs code needs none.',
    details: { field: 'runner' },
  });
}

function checkMaximum(field: string, value: number, maximum: number): void {
  if (value <= maximum) return;
  throw new SandboxError('REQUEST_INVALID', `${field}: is ${value}; the provider takes ${maximum} at most.`, {
    operation: 'createSandboxBackend',
    suggestion: `Lower the option "${field}".`,
    details: { field },
  });
}
