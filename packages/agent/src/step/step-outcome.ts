import type { ArtifactCollection, CompletedResult, ExecutionResult } from '@sandport/core';
import type { ValueProblem } from './check-value.ts';
import type { AcceptedBy, StandardSchema } from './standard-schema.ts';

/** Schemas by name. */
export type NamedSchemas = Readonly<Record<string, StandardSchema>>;

/** One schema for the whole, or one for each named part. */
export type StepSchema = StandardSchema | NamedSchemas;

/** The values that a step takes or gives. Where a schema accepts `undefined`, the field may be absent. */
export type StepValues<Schema extends StepSchema> = Schema extends StandardSchema
  ? AcceptedBy<Schema>
  : Schema extends NamedSchemas
    ? NamedValues<Schema>
    : never;

type NamedValues<Schemas extends NamedSchemas> = {
  readonly [Name in keyof Schemas as undefined extends AcceptedBy<Schemas[Name]> ? never : Name]: AcceptedBy<Schemas[Name]>;
} & {
  readonly [Name in keyof Schemas as undefined extends AcceptedBy<Schemas[Name]> ? Name : never]?: Exclude<
    AcceptedBy<Schemas[Name]>,
    undefined
  >;
};

/** What every outcome of a step has. */
interface StepFacts {
  /** What the run left in `artifacts/`, with media types. */
  readonly artifacts: ArtifactCollection;
}

/** The program completed, and its value is what was asked for. */
export interface CompletedStep<Outputs extends StepSchema> extends StepFacts {
  readonly status: 'completed';
  /** The program's value, or its named fields: exactly as the program gave them. */
  readonly outputs: StepValues<Outputs>;
  /** Canonical text of the whole value. */
  readonly text: string;
  readonly result: CompletedResult;
}

/** The program completed, and its value is not what was asked for. */
export interface MismatchedStep extends StepFacts {
  readonly status: 'output-mismatch';
  /** At least one. */
  readonly problems: readonly ValueProblem[];
  /** Canonical text of the value; `null` when the program gave none. */
  readonly text: string | null;
  readonly result: CompletedResult;
}

/** The program did not complete. What it printed before is no output. */
export interface UncompletedStep extends StepFacts {
  readonly status: 'not-completed';
  /** `result.status` says what became of the program. */
  readonly result: Exclude<ExecutionResult, CompletedResult>;
}

/** What came of a step. A closed union on `status`. */
export type AgentStepOutcome<Outputs extends StepSchema> = CompletedStep<Outputs> | MismatchedStep | UncompletedStep;
