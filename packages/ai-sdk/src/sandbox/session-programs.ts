import type { CallOptions, ExecutionResult, OutputListener, Sandbox, StandardInput } from '@sandport/core';
import { z } from 'zod';
import { refusedField } from './check-input.ts';
import { CommandEndedError } from './command-ended-error.ts';
import { checkCommands, checkPrograms, checkStandardInput, runsPrograms } from './program/check-programs.ts';
import { runCommand, SESSION_PROGRAMS, type Command, type Operation } from './program/session-program.ts';
import type { CheckedSessionOptions } from './session-options.ts';

/** How a command is run. */
export interface CommandCall extends CallOptions {
  readonly onOutput?: OutputListener | undefined;
  readonly stdin?: StandardInput | undefined;
}

/** How a command ended by itself. */
export interface CommandExit {
  readonly exitCode: number;
  readonly result: ExecutionResult;
}

const problemSchema = z.strictObject({ problem: z.string() });

/** Has programs do in one sandbox what its own interface has no call for. */
export class SessionPrograms {
  readonly #sandbox: Sandbox;
  readonly #options: CheckedSessionOptions;

  constructor(sandbox: Sandbox, options: CheckedSessionOptions) {
    this.#sandbox = sandbox;
    this.#options = options;
  }

  /** Whether the sandbox runs more than one program. */
  get areThere(): boolean {
    return runsPrograms(this.#options.runner.capabilities, this.#options.language);
  }

  /**
   * Refuses a command before anything of it is started.
   *
   * @throws SandboxError `CAPABILITY_UNSUPPORTED`.
   */
  checkCommand({ hasInput }: { readonly hasInput: boolean }): void {
    const { capabilities } = this.#options.runner;
    checkCommands(capabilities, this.#options.language);
    if (hasInput) checkStandardInput(capabilities);
  }

  /**
   * @throws SandboxError as a sandbox does; `CAPABILITY_UNSUPPORTED` where the provider runs no commands; `REQUEST_INVALID` for a working directory that is none.
   * @throws CommandEndedError when the command was ended and did not end.
   */
  async runCommand(command: Command, call: CommandCall): Promise<CommandExit> {
    this.checkCommand({ hasInput: call.stdin !== undefined });
    const { said, result } = await this.#ask(runCommand(command), call, 'command');
    if ('isNoFolder' in said) throw refusedField('workingDirectory', 'is no folder of the sandbox in which a command can begin');
    return { exitCode: said.exitCode, result };
  }

  /**
   * @param method Of the session, for what is said of it.
   * @throws SandboxError as a sandbox does; `CAPABILITY_UNSUPPORTED`; `REQUEST_INVALID` when the sandbox's own system refuses.
   * @throws CommandEndedError when the program was ended.
   */
  async ask<Said>(operation: Operation<Said>, method: string, signal: AbortSignal | undefined): Promise<Said> {
    checkPrograms(this.#options.runner.capabilities, this.#options.language, method);
    return (await this.#ask(operation, { signal }, 'path')).said;
  }

  async #ask<Said>(
    operation: Operation<Said>,
    { signal, onOutput, stdin }: CommandCall,
    field: string,
  ): Promise<{ readonly said: Said; readonly result: ExecutionResult }> {
    const { language, commandLimits } = this.#options;
    const result = await this.#sandbox.execute(
      {
        language,
        code: SESSION_PROGRAMS[language],
        arguments: operation.given,
        // What a command leaves in `artifacts/` stays in its place, to be read as a file.
        limits: { ...commandLimits, artifactCount: 0 },
        onOutput,
        stdin,
      },
      { signal },
    );
    const value: unknown = result.status === 'completed' ? result.value : undefined;
    const problem = problemSchema.safeParse(value);
    if (problem.success) throw refusedField(field, `is refused by the sandbox's system: ${problem.data.problem}`);
    const said = operation.said.safeParse(value);
    if (!said.success) throw new CommandEndedError(result);
    return { said: said.data, result };
  }
}
