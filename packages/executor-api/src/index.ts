export { capabilitiesAnswerSchema, type CapabilitiesAnswer } from './capabilities-answer.ts';
export {
  cellBodySchema,
  contentSchema,
  executionBodySchema,
  limitsSchema,
  sandboxExecutionBodySchema,
  takenBodySchema,
  toBytes,
  toContent,
  type CellBody,
  type ExecutionBody,
  type SandboxExecutionBody,
} from './execution-body.ts';
export { toCellInput, toExecutionInput } from './execution-input.ts';
export {
  executionEventSchema,
  sandboxEventSchema,
  type ExecutionEvent,
  type SandboxEvent,
  type WrittenExecutionEvent,
} from './event-streams.ts';
export {
  fromProblem,
  problemSchema,
  SERVICE_PROBLEMS,
  toProblem,
  toServiceProblem,
  type Problem,
  type ServiceProblemCode,
} from './problem.ts';
export {
  RAGFLOW_HEALTH,
  RAGFLOW_STATUSES,
  ragflowRunAnswerSchema,
  ragflowRunRequestSchema,
  type RagflowRunAnswer,
  type RagflowRunRequest,
} from './ragflow-run.ts';
export {
  ALIVE_INTERVAL_MS,
  API_VERSION,
  CONNECTION_HEADER,
  EXECUTOR_HEADER,
  IDEMPOTENCY_KEY_HEADER,
  MEDIA_TYPES,
  OTHER_ROUTES,
  pathOf,
  REPLAYED_HEADER,
  ROUTES,
  TENANT_HEADER,
  type RouteName,
  type RouteParameters,
} from './routes.ts';
export {
  contextAnswerSchema,
  lifetimeBodySchema,
  sandboxAnswerSchema,
  sandboxBodySchema,
  type SandboxAnswer,
  type SandboxBody,
} from './sandbox-body.ts';
