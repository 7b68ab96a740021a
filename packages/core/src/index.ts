export { configFields, type ConfigFieldMetadata } from './config/config-field.ts';
export { describeConfig, type ConfigFieldDescription, type ConfigFieldUnit } from './config/describe-config.ts';
export { Secret } from './config/secret.ts';
export { describeIssue, describeIssues, type IssueDescription } from './errors/describe-issue.ts';
export { ERROR_CODES, type ErrorCodeFacts, type SandboxErrorCode } from './errors/error-codes.ts';
export { errorPayloadSchema, fromErrorPayload, toErrorPayload, type ErrorPayload } from './errors/error-payload.ts';
export { SandboxError, type SandboxErrorOptions } from './errors/sandbox-error.ts';
export {
  ARTIFACT_OMISSION_REASONS,
  type Artifact,
  type ArtifactCollection,
  type ArtifactOmissionReason,
  type OmittedArtifact,
} from './execution/artifact.ts';
export type {
  AbortEvidence,
  Evidence,
  EvidenceObserver,
  ExitEvidence,
  IsolationEvidence,
  LimitEvidence,
  OutOfMemoryEvidence,
  OutputLimitEvidence,
  SandboxEndEvidence,
  TimerEvidence,
  ValueChannelEvidence,
} from './execution/evidence.ts';
export type { ContextRequestInput, ExecutionContext } from './execution-context.ts';
export {
  EXECUTION_LIMIT_RANGES,
  REQUEST_LIMITS,
  SANDBOX_LIMIT_NAMES,
  SANDBOX_LIMIT_RANGES,
  type ExecutionLimits,
  type SandboxLimits,
} from './execution/execution-limits.ts';
export {
  givenLimits,
  NETWORK_POLICIES,
  lowerDefaultLimits,
  parseExecutionRequest,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type NetworkPolicy,
  type StandardInput,
} from './execution/execution-request.ts';
export {
  EXECUTION_STATUSES,
  type CancelledResult,
  type CompletedResult,
  type ExecutionFacts,
  type ExecutionResult,
  type ExecutionStatus,
  type FailedResult,
  type KilledResult,
  type OutOfMemoryResult,
  type OutputLimitExceededResult,
  type ProgramError,
  type TimedOutResult,
} from './execution/execution-result.ts';
export { decodeExecutionResult, encodeExecutionResult, executionResultSchema } from './execution/execution-result-schema.ts';
export type { OutputChunk, OutputListener, OutputStream } from './execution/output-chunk.ts';
export { executeOnce } from './execution/execute-once.ts';
export type { PhaseClock } from './execution/phase-clock.ts';
export { healthStatusOf, type HealthCheck, type HealthReport } from './health/health-report.ts';
export { HARDENING_MEASURES, ISOLATION_KINDS, type HardeningMeasure, type IsolationKind, type MeasuredIsolation } from './isolation.ts';
export { MAX_JSON_DEPTH, jsonObjectSchema, jsonValueSchema, type JsonObject, type JsonValue } from './json.ts';
export { LANGUAGE_ALIASES, LANGUAGES, parseLanguage, type Language, type LanguageName } from './language.ts';
export type { PoolState } from './pool-state.ts';
export { commonCapabilities, commonMaxima } from './common-capabilities.ts';
export type { ProviderCapabilities } from './provider-capabilities.ts';
export { createProvider, defineProvider, parseProviderConfig, type ProviderDefinition } from './provider-definition.ts';
export type { SandboxProvider } from './provider.ts';
export { executionRecordSchema, MAX_RECORD_BYTES, type ExecutionRecord } from './record/execution-record.ts';
export { recordOf, type RecordFacts } from './record/record-of.ts';
export { readRecord, writeRecord } from './record/record-text.ts';
export { requestOfRecord } from './record/request-of-record.ts';
export { describePathProblem, MAX_PATH_BYTES, relativePathSchema } from './relative-path.ts';
export { checkLifetime, checkRequestAgainstCapabilities, checkSandboxOptions, sandboxOptionsOf } from './request-check.ts';
export type { CallOptions, CreateSandboxOptions, FileContent, Sandbox } from './sandbox.ts';
export { CircuitBreaker, type BreakerDescription, type BreakerState, type CircuitBreakerOptions } from './resilience/circuit-breaker.ts';
export { monotonicClock, type Clock } from './resilience/clock.ts';
export {
  requestWithinPolicy,
  checkSandboxOptionsAgainstPolicy,
  findPassportProblem,
  type PassportQuestion,
} from './policy/check-policy.ts';
export { passportSchema, type Passport } from './policy/passport.ts';
export { MEASURABLE_ISOLATIONS, sandboxPolicySchema, type SandboxPolicy, type SandboxPolicyInput } from './policy/sandbox-policy.ts';
export { activeVersionSchema, policyOverrideSchema, type ActiveVersion, type PolicyOverride } from './settings/active-version.ts';
export { configDigest, SEALED_KEY_MEMBER, SEALED_MEMBER } from './settings/config-digest.ts';
export type { IdempotencyClaim, IdempotencyRecord, IdempotencyStore } from './settings/idempotency-store.ts';
export type { SessionRecord, SessionStore } from './settings/session-store.ts';
export {
  FALLBACK_SETTING,
  passportSetting,
  POLICY_SETTING,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  providerOfSetting,
  SETTING_NAME_MAX_LENGTH,
  VERSION_SETTING,
} from './settings/setting-names.ts';
export type { Setting, SettingsCallOptions, SettingsStore } from './settings/settings-store.ts';
export { estimateLatencyMs, USAGE_LATENCY_BOUNDS_MS, usageLatencyBucket } from './settings/usage-latency.ts';
export type { UsageCounts, UsagePoint, UsageRange, UsageRow, UsageStore, UsageSummary } from './settings/usage-store.ts';
