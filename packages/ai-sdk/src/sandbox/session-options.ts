import type { CodeRunner } from '@sandport/agent';
import {
  checkRequestAgainstCapabilities,
  checkSandboxOptions,
  EXECUTION_LIMIT_RANGES,
  LANGUAGES,
  lowerDefaultLimits,
  parseExecutionRequest,
  type CreateSandboxOptions,
  type ExecutionLimits,
  type ExecutionRequestInput,
  type Language,
} from '@sandport/core';
import { z } from 'zod';
import { refusedOptions } from '../option-errors.ts';

/** What a sandbox session is made of. */
export interface SandboxSessionOptions {
  /** Where sandboxes come from: `runnerOfProvider` or `runnerOfClient` of `@sandport/agent`. It stays the caller's to close. */
  readonly runner: CodeRunner;
  /** The language whose sandbox it is, and which starts the commands. @default 'python', where the provider runs it */
  readonly language?: Language | undefined;
  /** Limits of each command, and of the sandbox. @default those of the contract and of the provider: 30 seconds and 1 MiB of each stream for a command */
  readonly limits?: ExecutionRequestInput['limits'];
  /** On whose behalf. @default 'default' */
  readonly tenant?: string | undefined;
  /** Time without a call after which the sandbox ends by itself, in milliseconds, where the provider keeps it. @default the provider's configuration */
  readonly idleTimeoutMs?: number | undefined;
  /** Time after which the sandbox ends by itself, in milliseconds, where the provider keeps it. @default the provider's configuration */
  readonly lifetimeMs?: number | undefined;
}

const optionsSchema = z.strictObject({
  runner: z.custom<CodeRunner>((value) => typeof value === 'object' && value !== null && 'capabilities' in value, 'must be a runner'),
  language: z.enum(LANGUAGES).optional(),
  limits: z.custom<ExecutionRequestInput['limits']>().optional(),
  tenant: z.string().optional(),
  idleTimeoutMs: z.number().optional(),
  lifetimeMs: z.number().optional(),
});

/** Options that were checked and completed. */
export interface CheckedSessionOptions {
  readonly runner: CodeRunner;
  readonly language: Language;
  readonly sandbox: CreateSandboxOptions;
  /** Limits that every command is run with: those that were written, and defaults that are more than the provider takes. */
  readonly commandLimits: Partial<ExecutionLimits>;
  /** The limits that hold where the runner has no others. */
  readonly limits: ExecutionLimits;
}

/**
 * Checks the options against themselves and against what the provider can do.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED`, naming the option.
 */
export function checkSessionOptions(options: SandboxSessionOptions): CheckedSessionOptions {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw refusedOptions(parsed.error);
  const { runner, limits = {}, tenant, idleTimeoutMs, lifetimeMs } = parsed.data;
  const { capabilities } = runner;
  const language = parsed.data.language ?? capabilities.languages[0] ?? 'python';
  const request = lowerDefaultLimits(parseExecutionRequest({ code: '', language, limits, tenant }), capabilities.maxima);
  checkRequestAgainstCapabilities('runner', capabilities, request);
  const sandbox = { language, limits: request.sandboxLimits, tenant, idleTimeoutMs, lifetimeMs };
  checkSandboxOptions('runner', capabilities, sandbox);
  return { runner, language, sandbox, limits: request.limits, commandLimits: limitsOfCommands(request.limits, limits) };
}

function limitsOfCommands(limits: ExecutionLimits, written: NonNullable<ExecutionRequestInput['limits']>): Partial<ExecutionLimits> {
  const names = Object.keys(EXECUTION_LIMIT_RANGES) as (keyof ExecutionLimits)[];
  return Object.fromEntries(
    names
      .filter((name) => written[name] !== undefined || limits[name] < EXECUTION_LIMIT_RANGES[name].default)
      .map((name) => [name, limits[name]]),
  );
}
