import {
  checkRequestAgainstCapabilities,
  lowerDefaultLimits,
  parseExecutionRequest,
  SandboxError,
  type CallOptions,
  type CompletedResult,
  type ExecutionRequestInput,
  type JsonObject,
} from '@sandport/core';
import type { CodeRunner } from '../code-runner.ts';
import { refusedOption } from '../option-errors.ts';
import { canonicalText } from '../value/canonical-text.ts';
import type { ValueProblem } from './check-value.ts';
import { isStandardSchema } from './standard-schema.ts';
import type { AgentStepOutcome, StepSchema, StepValues } from './step-outcome.ts';
import { checkStepSchema, findStepProblems, pickStepValues } from './step-schemas.ts';

/** A step of an agent: one program, and a contract for what goes in and what comes out. */
export interface AgentStepOptions<Inputs extends StepSchema, Outputs extends StepSchema> {
  /** Where the program runs. It stays the caller's to close. */
  readonly runner: CodeRunner;
  readonly code: string;
  /** @default 'python' */
  readonly language?: ExecutionRequestInput['language'];
  /** Schemas of the inputs by name, or one of all together. Inputs are the arguments of `main`. */
  readonly inputs: Inputs;
  /** Schemas of the outputs by name, which are fields of the program's value; or one schema of the whole value. */
  readonly outputs: Outputs;
  /** @default {} */
  readonly files?: ExecutionRequestInput['files'];
  /** @default those of the contract and of the provider */
  readonly limits?: ExecutionRequestInput['limits'];
  /** @default 'default' */
  readonly tenant?: string | undefined;
  /** The text of a value that is `null`. @default '' */
  readonly nullText?: '' | 'null' | undefined;
}

/** Made by {@link createAgentStep}. */
export interface AgentStep<Inputs extends StepSchema, Outputs extends StepSchema> {
  /**
   * Runs the program in a fresh sandbox. Inputs and outputs are checked and never changed: no text becomes a number, and no default is filled in.
   *
   * @throws SandboxError `REQUEST_INVALID` naming the input, before anything is run; and what the runner throws.
   */
  run(inputs: StepValues<Inputs>, call?: CallOptions): Promise<AgentStepOutcome<Outputs>>;
}

/**
 * Makes a step. No I/O happens before its first run.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` naming the option.
 */
export function createAgentStep<Inputs extends StepSchema, Outputs extends StepSchema>(
  options: AgentStepOptions<Inputs, Outputs>,
): AgentStep<Inputs, Outputs> {
  const { runner, inputs: inputSchema, outputs: outputSchema, nullText = '' } = options;
  checkStepSchema(inputSchema, 'inputs');
  checkStepSchema(outputSchema, 'outputs');
  if (nullText !== '' && nullText !== 'null') throw refusedOption('nullText', 'must be "" or "null"');
  checkRequest(options, {});
  return {
    run: async (inputs, call) => {
      await checkInputs(inputSchema, inputs);
      const given = inputs as JsonObject;
      checkRequest(options, given);
      const { code, language, files, limits, tenant } = options;
      const result = await runner.execute({ code, language, arguments: given, files, limits, tenant }, call);
      const { artifacts } = result;
      if (result.status !== 'completed') return { status: 'not-completed', result, artifacts };
      const problems = await findOutputProblems(outputSchema, result);
      const text = result.value === undefined ? null : canonicalText(result.value, result.valueJson, { nullText });
      if (problems.length > 0 || text === null) return { status: 'output-mismatch', problems, text, artifacts, result };
      // The schemas have just found it so; what it is called is what they accept.
      const outputs = pickStepValues(outputSchema, result.value) as StepValues<Outputs>;
      return { status: 'completed', outputs, text, artifacts, result };
    },
  };
}

/** Refuses what the contract does not allow, or the provider cannot do, before anything is run. */
function checkRequest(options: Omit<AgentStepOptions<StepSchema, StepSchema>, 'inputs' | 'outputs'>, inputs: JsonObject): void {
  const { runner, code, language, files, limits, tenant } = options;
  const { capabilities } = runner;
  const request = parseExecutionRequest({ code, language, files, limits, tenant, arguments: inputs });
  checkRequestAgainstCapabilities('runner', capabilities, lowerDefaultLimits(request, capabilities.maxima));
}

async function checkInputs(schema: StepSchema, inputs: unknown): Promise<void> {
  const unknown =
    isStandardSchema(schema) || typeof inputs !== 'object' || inputs === null
      ? []
      : Object.keys(inputs).filter((name) => !Object.hasOwn(schema, name));
  const problems = [
    ...unknown.map((name): ValueProblem => ({ path: `inputs.${name}`, message: 'is not a known input' })),
    ...(await findStepProblems(schema, inputs, 'inputs')),
  ];
  const [first] = problems;
  if (first === undefined) return;
  throw new SandboxError('REQUEST_INVALID', `${first.path}: ${first.message.replace(/\.$/, '')}.`, {
    operation: 'runStep',
    suggestion: `Correct "${first.path}" and run the step again; nothing was run.`,
    details: { field: first.path, problems: problems.map(({ path, message }) => ({ path, message })) },
  });
}

async function findOutputProblems(schema: StepSchema, { value }: CompletedResult): Promise<ValueProblem[]> {
  if (value === undefined) return [{ path: 'value', message: 'the program gave none; it needs a `main` that returns one' }];
  return findStepProblems(schema, value, 'value');
}
