export type { CallDefaults } from './call-defaults.ts';
export type { OneProviderClientOptions, SandboxClientOptions, StoredClientOptions } from './client-options.ts';
export type { ClientRequestInput, TypedClientRequestInput } from './client-request.ts';
export { parseConfigText } from './configuration/row-text.ts';
export { executeCode, type ExecuteCodeOptions } from './execute-code.ts';
export type { ClientContext } from './kept-context.ts';
export type { ClientSandbox } from './kept-sandbox.ts';
export type { CallRoute, RoutedResult, RouteStep } from './routing/call-route.ts';
export type { ConnectOptions } from './routing/call-router.ts';
export {
  createSandboxClient,
  type ClientHealthReport,
  type ClientResult,
  type ProviderInfo,
  type SandboxClient,
} from './sandbox-client.ts';
export {
  CLIENT_TELEMETRY_ATTRIBUTES,
  CLIENT_TELEMETRY_METRICS,
  CLIENT_TELEMETRY_SPANS,
  type ClientAttributeFacts,
  type ClientMetricFacts,
  type ClientSpanFacts,
} from './telemetry/client-telemetry-names.ts';
export type { SandboxSession } from './session/sandbox-session.ts';
export type { SessionSandboxEvent, SessionSandboxOptions } from './session/session-host.ts';
export type { OpenSessionOptions } from './session/session-registry.ts';
export type { ExecutionEvent, ExecutionStream } from './stream/execution-stream.ts';
export type { TypedResult } from './value/typed-value.ts';
