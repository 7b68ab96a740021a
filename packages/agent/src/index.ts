export type { AnswerBudget } from './answer/answer-budget.ts';
export { imageMediaType } from './answer/image-media-type.ts';
export type { ModelAnswer, ModelArtifact } from './answer/model-answer.ts';
export { runnerOfClient, runnerOfProvider, type CodeClient, type CodeRunner } from './code-runner.ts';
export { languageExample, type LanguageExample } from './description/language-example.ts';
export { createAgentStep, type AgentStep, type AgentStepOptions } from './step/agent-step.ts';
export type { ValueProblem } from './step/check-value.ts';
export { schemaFromJson } from './step/json-schema.ts';
export type { AcceptedBy, SchemaIssue, SchemaVerdict, StandardSchema } from './step/standard-schema.ts';
export type {
  AgentStepOutcome,
  CompletedStep,
  MismatchedStep,
  NamedSchemas,
  StepSchema,
  StepValues,
  UncompletedStep,
} from './step/step-outcome.ts';
export { createCodeTool, type CodeTool, type CodeToolOutcome } from './tool/code-tool.ts';
export type { CodeToolInput } from './tool/code-tool-input.ts';
export { KEPT_STATES, type CodeToolOptions, type KeptState } from './tool/code-tool-options.ts';
export { canonicalText, type CanonicalTextOptions } from './value/canonical-text.ts';
