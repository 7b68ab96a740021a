import {
  EXECUTION_LIMIT_RANGES,
  SandboxError,
  type CallOptions,
  type ExecutionLimits,
  type ExecutionResult,
  type JsonObject,
  type Language,
} from '@sandport/core';
import { z } from 'zod';
import { describeFailure, refusal } from '../answer/describe-failure.ts';
import { describeResult } from '../answer/describe-result.ts';
import type { ModelAnswer } from '../answer/model-answer.ts';
import { describeCodeTool } from '../description/describe-code-tool.ts';
import { CodeSession, type SessionResult } from '../session/code-session.ts';
import { saysEnded } from '../session/kept-place.ts';
import { checkToolInput, codeToolInputSchema, type CodeToolInput } from './code-tool-input.ts';
import { checkToolOptions, type CheckedToolOptions, type CodeToolOptions } from './code-tool-options.ts';

/** What came of one call of a tool: for the model, and for the developer. Either `result` or `error` is there. */
export type CodeToolOutcome =
  | { readonly model: ModelAnswer; readonly result: ExecutionResult; readonly error: null }
  | { readonly model: ModelAnswer; readonly result: null; readonly error: SandboxError };

/** A tool that runs a model's code. Its parts are what every framework asks for. */
export interface CodeTool extends AsyncDisposable {
  readonly name: string;
  /** What the model is told, from what the provider can do. */
  readonly description: string;
  readonly inputSchema: z.ZodObject;
  /** The same as JSON Schema of draft 2020-12. */
  readonly inputJsonSchema: JsonObject;
  /**
   * Runs what the model asked for. Wrong input and failures of Sandport's own do not reject: the model is told, and the developer has the error.
   *
   * @param input What the model handed over, unchecked.
   * @throws SandboxError `CANCELLED` when the signal fired before the program started. A program that is cancelled while it runs has a result that says so.
   */
  run(input: unknown, call?: CallOptions): Promise<CodeToolOutcome>;
  /** Ends what is kept, and the calls that run in it. Idempotent. The runner stays open. @throws SandboxError what the provider throws. */
  close(): Promise<void>;
}

/**
 * Makes a tool that runs code. No I/O happens before its first call.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` for an option that is wrong or that the provider cannot serve, naming it.
 */
export function createCodeTool(options: CodeToolOptions): CodeTool {
  return new RunnerCodeTool(checkToolOptions(options));
}

class RunnerCodeTool implements CodeTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: z.ZodObject;
  readonly inputJsonSchema: JsonObject;
  readonly #options: CheckedToolOptions;
  readonly #sessions = new Map<Language, CodeSession>();
  #isClosed = false;

  constructor(options: CheckedToolOptions) {
    this.#options = options;
    this.name = options.name;
    this.description = describeCodeTool(options);
    this.inputSchema = codeToolInputSchema(options);
    this.inputJsonSchema = z.toJSONSchema(this.inputSchema) as JsonObject;
  }

  async run(raw: unknown, { signal }: CallOptions = {}): Promise<CodeToolOutcome> {
    const { input, problem } = checkToolInput(raw, this.inputSchema, this.#options);
    if (input === undefined) return { model: refusal(problem), result: null, error: refusedInput(problem) };
    try {
      const { result, stateWasLost } = await this.#execute(input, { signal });
      const notes = stateWasLost ? [LOST_BEFORE] : [];
      return { model: describeResult(result, { budget: this.#options.answer, network: 'none', notes }), result, error: null };
    } catch (error) {
      return failed(error, this.#options.state !== 'none' && !this.#isClosed);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #execute(input: CodeToolInput, call: CallOptions): Promise<SessionResult> {
    if (this.#isClosed) throw new SandboxError('SANDBOX_CLOSED', 'The tool was closed.', { suggestion: 'Make another one.' });
    const { runner, state, tenant, limits, files: offered } = this.#options;
    const files = Object.fromEntries(input.files.flatMap((name) => (offered[name] === undefined ? [] : [[name, offered[name]]])));
    const request = { code: input.code, arguments: input.arguments, files };
    if (state !== 'none') return this.#sessionOf(input.language).run({ ...request, limits: cellLimits(this.#options) }, call);
    const result = await runner.execute({ ...request, language: input.language, tenant, limits }, call);
    return { result, stateWasLost: false };
  }

  #sessionOf(language: Language): CodeSession {
    const existing = this.#sessions.get(language);
    if (existing !== undefined) return existing;
    const { runner, state, tenant, sandboxLimits, idleTimeoutMs, onWarning } = this.#options;
    const { lifetimes, maxima } = runner.capabilities;
    const session = new CodeSession({
      client: runner,
      keepsVariables: state === 'variables',
      idleTimeoutMs,
      // The far side keeps the same time, so that nothing stays behind where this process dies.
      sandbox: {
        language,
        tenant,
        limits: sandboxLimits,
        ...(lifetimes ? { idleTimeoutMs: Math.min(idleTimeoutMs, maxima.lifetimeMs ?? idleTimeoutMs) } : {}),
      },
      onWarning,
    });
    this.#sessions.set(language, session);
    return session;
  }
}

/** Limits of a call in a kept sandbox: those that were written, and defaults that are more than the provider takes. */
function cellLimits({ limits, executionLimits }: CheckedToolOptions): Partial<ExecutionLimits> {
  const names = Object.keys(EXECUTION_LIMIT_RANGES) as (keyof ExecutionLimits)[];
  return Object.fromEntries(
    names
      .filter((name) => limits[name] !== undefined || executionLimits[name] < EXECUTION_LIMIT_RANGES[name].default)
      .map((name) => [name, executionLimits[name]]),
  );
}

const LOST_BEFORE = 'What former calls had left (variables, files) was gone before this program ran: define again what it needs.';
const LOST_NOW =
  'What former calls had left (variables, files) is gone. Send the code again, with everything that it needs; it will begin anew.';

function failed(error: unknown, mayHaveState: boolean): CodeToolOutcome {
  if (SandboxError.isInstance(error)) {
    if (error.code === 'CANCELLED') throw error;
    const model = mayHaveState && saysEnded(error) ? describeFailure(error, LOST_NOW) : describeFailure(error);
    return { model, result: null, error };
  }
  const unexpected = new SandboxError('INTERNAL', 'The runner of a tool threw something unexpected.', {
    operation: 'runCode',
    cause: error,
  });
  return { model: describeFailure(unexpected), result: null, error: unexpected };
}

function refusedInput(problem: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', problem, {
    operation: 'runCode',
    suggestion: 'The model was told; nothing was created or run.',
    details: { field: problem.split(':')[0] ?? 'input' },
  });
}
