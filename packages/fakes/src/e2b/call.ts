import type { Answer, AnswerStream } from '../http/answer.ts';
import type { ReceivedRequest } from '../http/received-request.ts';
import type { E2bFault } from './e2b-fault.ts';
import type { FakeE2bExecutionRecord } from './fake-e2b.ts';
import type { RouteMatch } from './routes.ts';
import { sandboxGone } from './service-error.ts';
import type { E2bSandbox } from './state/e2b-sandbox.ts';
import type { SandboxStore } from './state/sandbox-store.ts';
import type { ServiceSettings } from './state/service-settings.ts';

/** Everything that operations work on. */
export interface ServiceState {
  readonly settings: ServiceSettings;
  readonly sandboxes: SandboxStore;
  readonly executions: FakeE2bExecutionRecord[];
}

/** One call of an operation, by a caller who may make it. */
export interface Call {
  readonly state: ServiceState;
  readonly request: ReceivedRequest;
  readonly route: RouteMatch;
  /** The sandbox that the request is for; nothing on the control plane. */
  readonly sandbox: E2bSandbox | undefined;
  readonly query: ReadonlyMap<string, string>;
  readonly faults: readonly E2bFault[];
}

/** An answer in pieces. Its work has begun already. */
export interface StreamedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sends the body. Resolves when it is complete, and when nobody is there any more. */
  pump(stream: AnswerStream): Promise<void>;
  /** Nobody will have the body; the work goes on. Resolves when it is over. */
  abandon(): Promise<void>;
}

export type E2bAnswer = Answer | StreamedAnswer;

export type OperationHandler = (call: Call) => Promise<E2bAnswer> | E2bAnswer;

export const isStreamed = (answer: E2bAnswer): answer is StreamedAnswer => 'pump' in answer;

/** The sandbox that a call in one is for. */
export function sandboxOf(call: Call): E2bSandbox {
  if (call.sandbox === undefined) throw sandboxGone(call.route.sandboxId ?? '');
  return call.sandbox;
}
