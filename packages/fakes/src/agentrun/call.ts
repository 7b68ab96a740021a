import type { Answer } from '../http/answer.ts';
import type { ReceivedRequest } from '../http/received-request.ts';
import type { Caller } from './access/caller.ts';
import type { AccessTokens } from './access/access-tokens.ts';
import type { AgentRunFault } from './agent-run-fault.ts';
import type { FakeExecutionRecord } from './fake-agent-run.ts';
import type { RouteMatch } from './routes.ts';
import type { SandboxStore } from './state/sandbox-store.ts';
import type { ServiceSettings } from './state/service-settings.ts';
import type { TemplateStore } from './state/template-store.ts';

/** Everything that operations work on. */
export interface ServiceState {
  readonly settings: ServiceSettings;
  readonly templates: TemplateStore;
  readonly sandboxes: SandboxStore;
  readonly tokens: AccessTokens;
  readonly executions: FakeExecutionRecord[];
  hasServiceLinkedRole: boolean;
}

/** One call of an operation, by a caller who may make it. */
export interface Call {
  readonly state: ServiceState;
  readonly request: ReceivedRequest;
  readonly requestId: string;
  readonly route: RouteMatch;
  readonly caller: Caller;
  readonly query: ReadonlyMap<string, string>;
  /** The body as JSON; nothing when there was none. */
  readonly body: unknown;
  readonly faults: readonly AgentRunFault[];
}

export type OperationHandler = (call: Call) => Promise<Answer> | Answer;

/** The fault of one kind that a call met, if it did. */
export function findFault<Kind extends AgentRunFault['kind']>(
  faults: readonly AgentRunFault[],
  kind: Kind,
): Extract<AgentRunFault, { kind: Kind }> | undefined {
  return faults.find((fault): fault is Extract<AgentRunFault, { kind: Kind }> => fault.kind === kind);
}
