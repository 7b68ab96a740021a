import {
  checkRequestAgainstCapabilities,
  checkSandboxOptions,
  LANGUAGES,
  lowerDefaultLimits,
  parseExecutionRequest,
  sandboxOptionsOf,
  type ExecutionLimits,
  type ExecutionRequestInput,
  type Language,
  type ProviderCapabilities,
  type SandboxLimits,
} from '@sandport/core';
import { z } from 'zod';
import { answerBudgetSchema, type AnswerBudget } from '../answer/answer-budget.ts';
import type { CodeRunner } from '../code-runner.ts';
import { refusedOption, refusedOptions } from '../option-errors.ts';

/** What stays from one call of a tool to the next. */
export const KEPT_STATES = ['none', 'files', 'variables'] as const;

/** One of {@link KEPT_STATES}. */
export type KeptState = (typeof KEPT_STATES)[number];

/** What a code tool is made of. */
export interface CodeToolOptions {
  /** Where the code runs. It stays the caller's to close. */
  readonly runner: CodeRunner;
  /** What the model calls it: letters, digits, `_` and `-`, beginning with a letter, 64 at most. @default 'run_code' */
  readonly name?: string | undefined;
  /** Languages that the model may choose. @default all that the provider runs */
  readonly languages?: readonly Language[] | undefined;
  /** Names of libraries that the model is told of. @default none: it is told of the standard library only */
  readonly libraries?: Partial<Readonly<Record<Language, readonly string[]>>> | undefined;
  /** Files that the model may ask for by name; they are laid into the work folder of the call that asks. @default {} */
  readonly files?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** Limits of each call; those of the sandbox itself hold for the whole of a kept one. @default those of the contract and of the provider */
  readonly limits?: ExecutionRequestInput['limits'];
  /** On whose behalf. @default 'default' */
  readonly tenant?: string | undefined;
  /**
   * What stays from call to call, for one conversation: `files` keeps a sandbox for each language, `variables` an interpreter in it, whose calls are cells and no
   * programs with a `main`. Make one tool for each conversation then, and close it. @default 'none'
   */
  readonly state?: KeptState | undefined;
  /** Time without a call after which what is kept is ended, in milliseconds: 1000 to 86400000. @default 600000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Length of code that the model may send, in UTF-16 code units: 100 to 1000000. @default 100000 */
  readonly maxCodeCharacters?: number | undefined;
  /** How much of an outcome the model is shown. @default see {@link AnswerBudget} */
  readonly answer?: Partial<AnswerBudget> | undefined;
  /** Sentences that are added to the description for the model. @default '' */
  readonly instructions?: string | undefined;
  /** Told when something that is kept and not needed any more could not be ended. @default a warning of the process */
  readonly onWarning?: ((error: unknown) => void) | undefined;
}

const optionsSchema = z.strictObject({
  runner: z.custom<CodeRunner>((value) => typeof value === 'object' && value !== null && 'capabilities' in value, 'must be a runner'),
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be letters, digits, "_" and "-", beginning with a letter, 64 at most')
    .default('run_code'),
  languages: z.array(z.enum(LANGUAGES)).min(1).optional(),
  libraries: z.partialRecord(z.enum(LANGUAGES), z.array(z.string().min(1).max(100)).max(200)).default({}),
  files: z.custom<Readonly<Record<string, string | Uint8Array>>>((value) => typeof value === 'object' && value !== null).default({}),
  limits: z.custom<ExecutionRequestInput['limits']>().optional(),
  tenant: z.string().optional(),
  state: z.enum(KEPT_STATES).default('none'),
  idleTimeoutMs: z.int().min(1000).max(86_400_000).default(600_000),
  maxCodeCharacters: z.int().min(100).max(1_000_000).default(100_000),
  answer: answerBudgetSchema.prefault({}),
  instructions: z.string().max(10_000).default(''),
  onWarning: z.custom<(error: unknown) => void>((value) => typeof value === 'function', 'must be a function').optional(),
});

/** A listener that never throws into the call it was told about. */
function warningListener(listener: (error: unknown) => void = warnProcess): (error: unknown) => void {
  return (error) => {
    try {
      listener(error);
    } catch (failure) {
      warnProcess(failure);
      warnProcess(error);
    }
  };
}

function warnProcess(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** Options that were checked and completed. */
export interface CheckedToolOptions {
  readonly runner: CodeRunner;
  readonly name: string;
  readonly languages: readonly [Language, ...Language[]];
  readonly libraries: Partial<Readonly<Record<Language, readonly string[]>>>;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** What was written: the rest is for the runner to choose, by its own defaults and the policy of its operator. */
  readonly limits: NonNullable<ExecutionRequestInput['limits']>;
  /** The limits that hold where the runner has no others. */
  readonly executionLimits: ExecutionLimits;
  readonly sandboxLimits: SandboxLimits;
  readonly tenant: string | undefined;
  readonly state: KeptState;
  readonly idleTimeoutMs: number;
  readonly maxCodeCharacters: number;
  readonly answer: AnswerBudget;
  readonly instructions: string;
  readonly onWarning: (error: unknown) => void;
}

/**
 * Checks the options against themselves and against what the provider can do, so that a tool that is made can be used.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED` or `CAPABILITY_UNSUPPORTED`, naming the option.
 */
export function checkToolOptions(options: CodeToolOptions): CheckedToolOptions {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw refusedOptions(parsed.error);
  const { capabilities } = parsed.data.runner;
  const [language, ...others] = new Set(parsed.data.languages ?? capabilities.languages);
  if (language === undefined) throw refusedOption('languages', 'is empty: the provider runs none');
  checkState(parsed.data.state, capabilities);
  const { files, limits = {} } = parsed.data;
  const request = lowerDefaultLimits(
    parseExecutionRequest({ code: '', language, files, limits, tenant: parsed.data.tenant }),
    capabilities.maxima,
  );
  checkRequestAgainstCapabilities('runner', capabilities, request);
  for (const other of others) checkSandboxOptions('runner', capabilities, { ...sandboxOptionsOf(request), language: other });
  return {
    ...parsed.data,
    languages: [language, ...others],
    limits,
    executionLimits: request.limits,
    sandboxLimits: request.sandboxLimits,
    tenant: parsed.data.tenant,
    onWarning: warningListener(parsed.data.onWarning),
  };
}

function checkState(state: KeptState, capabilities: ProviderCapabilities): void {
  if (state !== 'none' && capabilities.executionsPerSandbox === 'one')
    throw refusedOption('state', `cannot be "${state}": a sandbox of this provider executes once`);
  if (state === 'variables' && !capabilities.contexts) throw refusedOption('state', 'cannot be "variables": this provider has no contexts');
}
