/** Version of the native API: the first part of its paths. */
export const API_VERSION = 'v1';

const base = `/${API_VERSION}`;

/** Paths of the native API, with `{…}` for what is filled in. */
export const ROUTES = {
  capabilities: `${base}/capabilities`,
  executions: `${base}/executions`,
  execution: `${base}/executions/{execution}`,
  executionTaken: `${base}/executions/{execution}/taken`,
  executionInput: `${base}/executions/{execution}/input`,
  sandboxes: `${base}/sandboxes`,
  sandbox: `${base}/sandboxes/{sandbox}`,
  sandboxConnection: `${base}/sandboxes/{sandbox}/connection`,
  sandboxLifetime: `${base}/sandboxes/{sandbox}/lifetime`,
  sandboxExecutions: `${base}/sandboxes/{sandbox}/executions`,
  sandboxFile: `${base}/sandboxes/{sandbox}/file`,
  contexts: `${base}/sandboxes/{sandbox}/contexts`,
  context: `${base}/sandboxes/{sandbox}/contexts/{context}`,
  contextExecutions: `${base}/sandboxes/{sandbox}/contexts/{context}/executions`,
  contextInterrupt: `${base}/sandboxes/{sandbox}/contexts/{context}/interrupt`,
} as const;

/** Name of a route of the native API. */
export type RouteName = keyof typeof ROUTES;

/** What can be filled into a path. */
export type RouteParameters = Partial<Readonly<Record<'execution' | 'sandbox' | 'context', string>>>;

/** A path with everything filled in and escaped. */
export function pathOf(route: RouteName, parameters: RouteParameters = {}): string {
  return ROUTES[route].replace(/\{(\w+)\}/g, (_all, name: keyof RouteParameters) => encodeURIComponent(parameters[name] ?? ''));
}

/** Paths that are not of the native API. */
export const OTHER_ROUTES = {
  root: '/',
  live: '/healthz',
  ready: '/readyz',
  metrics: '/metrics',
  description: '/openapi.json',
  ragflowRun: '/run',
} as const;

/** As the client's `idempotencyKey`. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** `true` where the answer is that of a former call with the same key. */
export const REPLAYED_HEADER = 'idempotent-replayed';

/** On whose behalf a call is made, where its token is for several tenants. Absent: the token's tenant, else `default`. */
export const TENANT_HEADER = 'sandport-tenant';

/** Who holds a sandbox: what {@link SandboxAnswer} named. A call that names a former holder is refused with `SANDBOX_CLOSED`; one that names none is taken. */
export const CONNECTION_HEADER = 'sandport-connection';

/** Names the executor that answered. */
export const EXECUTOR_HEADER = 'sandport-executor';

/** Answers of an execution, by what `Accept` asks for. */
export const MEDIA_TYPES = {
  json: 'application/json',
  lines: 'application/x-ndjson',
  serverSentEvents: 'text/event-stream',
  problem: 'application/problem+json',
  bytes: 'application/octet-stream',
  multipart: 'multipart/form-data',
} as const;

/** Silence of a stream of events after which `alive` is written, in milliseconds. Three times that without a byte is a broken connection. */
export const ALIVE_INTERVAL_MS = 5000;
