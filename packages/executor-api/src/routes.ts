/** Version of the native API: the first part of its paths. */
export const API_VERSION = 'v1';

const base = `/${API_VERSION}`;

/** Paths of the native API, with `{…}` for what is filled in. */
export const ROUTES = {
  capabilities: `${base}/capabilities`,
  executions: `${base}/executions`,
  execution: `${base}/executions/{execution}`,
  executionInput: `${base}/executions/{execution}/input`,
  sandboxes: `${base}/sandboxes`,
  sandbox: `${base}/sandboxes/{sandbox}`,
  sandboxConnection: `${base}/sandboxes/{sandbox}/connection`,
  sandboxLifetime: `${base}/sandboxes/{sandbox}/lifetime`,
  sandboxExecutions: `${base}/sandboxes/{sandbox}/executions`,
  sandboxFile: `${base}/sandboxes/{sandbox}/files`,
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
  live: '/healthz',
  ready: '/readyz',
  metrics: '/metrics',
  description: '/openapi.json',
  ragflowRun: '/run',
} as const;

/** Names an execution to be able to withdraw it or to hand it input; 1 to 64 letters, digits, `-` and `_`, chosen by the caller. */
export const EXECUTION_ID_HEADER = 'execution-id';

/** As the client's `idempotencyKey`. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** Which sandboxes of an executor a call may be about is decided by its token; this one says on whose behalf it is made, where a token is for several. */
export const TENANT_HEADER = 'sandport-tenant';

/** Answers of an execution, by what `Accept` asks for. */
export const MEDIA_TYPES = {
  json: 'application/json',
  lines: 'application/x-ndjson',
  serverSentEvents: 'text/event-stream',
  problem: 'application/problem+json',
  bytes: 'application/octet-stream',
} as const;
