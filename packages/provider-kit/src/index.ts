export { DecayingCount } from './admission/decaying-count.ts';
export { DemandEstimate, type DemandEstimateOptions, type IdleBounds } from './admission/demand-estimate.ts';
export { FairQueue, type QueueEntry } from './admission/fair-queue.ts';
export type { ClaimObservation, PoolObserver, RefusalObservation } from './admission/pool-observer.ts';
export { RecentSamples } from './admission/recent-samples.ts';
export { TenantUse } from './admission/tenant-use.ts';
export { WaitCalibration } from './admission/wait-calibration.ts';
export { estimateWaitMs, remainingMs, type WaitFacts } from './admission/wait-estimate.ts';
export { artifactCollection, ARTIFACTS_NOT_COLLECTED, type CollectedFile } from './artifacts/artifact-collection.ts';
export { executionMaximumFields, lifetimeFields, MEBIBYTE, queueFields, wholeNumber } from './config/common-fields.ts';
export { callWithin, throwIfCancelled, withDeadline, type CallWithinOptions, type DeadlineOptions } from './deadline.ts';
export { deferred, type Deferred } from './deferred.ts';
export { checkOf, probeCheck, runProbe, type ProbeOptions } from './health/health-probe.ts';
export { BoundedText } from './output/bounded-text.ts';
export { guestFileUrl } from './runner/guest-files.ts';
export { encodeRunnerJob, parseRunnerReport, RUNNER_INTERRUPT, type RunnerReport } from './runner/runner-report.ts';
export { instrumentCreate, instrumentExecute, type CallFacts } from './telemetry/instrument-execute.ts';
export type { PoolState } from './telemetry/observed-pools.ts';
export { PoolTelemetry } from './telemetry/pool-telemetry.ts';
export { traceHeaders } from './telemetry/trace-headers.ts';
export {
  TELEMETRY_ATTRIBUTES,
  TELEMETRY_METRICS,
  TELEMETRY_SPANS,
  type AttributeFacts,
  type MetricFacts,
  type SpanFacts,
} from './telemetry/telemetry-names.ts';
export type { RunFacts } from './verdict/run-facts.ts';
export { decideVerdict, evidenceOf, type Verdict } from './verdict/verdict.ts';
export { InstancePool } from './pool/instance-pool.ts';
export type { PoolCounts, PoolDescription, ProfileDescription } from './pool/pool-description.ts';
export { poolChecks } from './pool/pool-health.ts';
export type { ClaimedInstance, ClaimOptions, IdleListener, InstancePoolOptions, PooledInstance, PoolLimits } from './pool/pool-options.ts';
export { ProviderTerms, type ProviderTermsOptions } from './provider-terms.ts';
export { SupervisedSandbox, setLifetime, type SupervisedSandboxOptions } from './sandbox/supervised-sandbox.ts';
export type { InstanceEnd, InstanceWitness, SupervisedInstance } from './sandbox/supervised-instance.ts';
export { encodeFrame, FRAME, PROTOCOL_VERSION } from './supervisor/frame-codec.ts';
export { SupervisorConnection, type ConnectionEnd } from './supervisor/supervisor-connection.ts';
export { readHello, type HelloOptions } from './supervisor/read-hello.ts';
export { lifetimeFrame, type Hello } from './supervisor/supervisor-messages.ts';
export type { SupervisorTransport } from './supervisor/supervisor-transport.ts';
export { EndedElsewhereError, TakenOverError } from './supervisor/transport-ends.ts';
export { settleWithin } from './run/settle-within.ts';
export { piecesOf } from './run/stream-pieces.ts';
export { Turnstile } from './run/turnstile.ts';
export { checkGuest, prepareGuest, type GuestIdentity, type ProgramNetwork, type ProgramNetworkField } from './remote/guest-setup.ts';
export { readBootOutput, type BootFacts, type BootOutput } from './remote/guest-bundle.ts';
export { GuestGoneError, type GuestExchange } from './remote/guest-exchange.ts';
export { GuestTunnel, type GuestTunnelOptions } from './remote/guest-tunnel.ts';
export { isOwnerAlive, ownerMark, type OwnerMark } from './remote/owner-mark.ts';
export { codeText, NO_ANSWER_IN_TIME, RemoteFailure, systemCodeOf, type RemoteFailureFacts } from './remote/remote-failure.ts';
export { RemoteSandbox, type RemoteSandboxOptions } from './remote/remote-sandbox.ts';
export { isPassing, parseRetryAfter, retrySafely, type RetryOptions } from './remote/retry.ts';
export {
  openAnswer,
  readRelayOutput,
  sealRequest,
  type GuestAnswer,
  type GuestRequest,
  type SealedRequest,
} from './remote/sealed-messages.ts';
export { claimUsable, type RemoteInstance, type UsableClaim } from './remote/claim-usable.ts';
export { reap, type ReapOptions, type ReapReport } from './remote/reap.ts';
export { remoteCapabilities, type RemoteMaxima } from './remote/remote-capabilities.ts';
export { remoteSandboxFields, type RemoteSandboxTerms } from './remote/remote-config.ts';
export { boundaryCheck, leftBehindCheck, type BoundaryFacts } from './remote/remote-health.ts';
export { ServiceWitness } from './remote/service-witness.ts';
export { askingProgram } from './remote/program-text.ts';
export { parseJson } from './parse-json.ts';
