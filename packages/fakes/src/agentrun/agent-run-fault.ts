import type { FaultRule, FaultScript } from '../faults/fault-script.ts';
import type { AgentRunOperation, AgentRunPlane } from './agent-run-operation.ts';

/** Faults of the connection and of the time that an answer takes. */
export type ConnectionFault =
  /** The work begins only after this time. */
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** No answer ever; the connection stays open. The work is done only `after-work`. @default before-work */
  | { readonly kind: 'hang'; readonly when?: 'before-work' | 'after-work' }
  /** The connection is reset: before anything was done, after the work but before the answer, or in the middle of the answer's body. */
  | { readonly kind: 'cut'; readonly when: 'before-work' | 'after-work' | 'in-answer' }
  /** The work is done at once, and the answer is sent only when the caller has gone or `maxDelayMs` have passed. @default maxDelayMs 10000 */
  | { readonly kind: 'late-answer'; readonly maxDelayMs?: number }
  /** The work is done twice, as after a proxy's retry; the answer is that of the second time. */
  | { readonly kind: 'duplicate' };

/** Faults in which something else than the expected answer arrives. */
export type AnswerFault =
  /**
   * An answer with this status. By default the work is not done, the body is JSON as the plane's errors are, and there is no `Retry-After`. `code` and `message` are those of
   * the JSON body. `html` and `text` are what gateways send.
   */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: 'json' | 'html' | 'text' | 'empty';
      readonly code?: string;
      readonly message?: string;
      /** In whole seconds, or as the date of this many milliseconds after the fake's now. */
      readonly retryAfter?: { readonly seconds: number } | { readonly dateInMs: number };
      /** Whether the work was done before the answer went wrong. @default false */
      readonly afterWork?: boolean;
    }
  /** The security token of the caller counts as expired, whatever his key is. */
  | { readonly kind: 'expired-token' }
  /** Creating is refused because of a name that exists already, which it need not. @default status 409 */
  | { readonly kind: 'already-exists'; readonly status?: 400 | 409 | 500 }
  /** Status 200 and a body that says `FAILED`. The work is not done. @default code FAILED, message "sandbox not found" */
  | { readonly kind: 'in-band-failure'; readonly code?: string; readonly message?: string }
  /** The work is done; the answer is 200 with JSON that ends too early. */
  | { readonly kind: 'invalid-json' }
  /** The work is done; the answer has no body. @default status 204 */
  | { readonly kind: 'empty-answer'; readonly status?: 200 | 204 }
  /** The data plane's success has, or has not, `code`, `requestId` and `data` around it; only for operations on sandboxes themselves. */
  | { readonly kind: 'envelope'; readonly shape: 'wrapped' | 'bare' }
  /** The data plane's errors have the documents' other shape: `{error:{code, message}}`. */
  | { readonly kind: 'nested-error' }
  /** The health check says that the sandbox is still starting. */
  | { readonly kind: 'health-starting' }
  /** Another published shape of a success: a bare array of processes, a read file below `entry`, or a command's outcome without `result` and with `exit_code`. */
  | { readonly kind: 'other-shape' };

/** Faults in the answer to an execution that took place. */
export type ExecutionFault =
  /** The item that says how the execution ended is missing, as in a published real answer. */
  | { readonly kind: 'no-end-of-execution' }
  /** The error item says what went wrong in other fields than `text`. */
  | { readonly kind: 'error-shape'; readonly shape: 'value' | 'ename-evalue' | 'name-value' | 'traceback' | 'traceback-lines' }
  /** The value comes as a map of MIME types with `executionCount`. */
  | { readonly kind: 'result-data' }
  /** Each piece of output is an item of its own, as it was written; otherwise one item for what follows on each other, without its last newline. */
  | { readonly kind: 'output-in-pieces' }
  /** How an execution is answered that took too long. @see FakeAgentRunOptions.executionTimeoutAnswer */
  | { readonly kind: 'timeout-answer'; readonly answer: ExecutionTimeoutAnswer };

/** Faults of what lives behind the answers. */
export type StateFault =
  /** The sandbox that the request names ends: before the work, or so many milliseconds after it began. @default answer not-found, delayMs 0 */
  | {
      readonly kind: 'vanish';
      readonly when: 'before-work' | 'during-work';
      readonly delayMs?: number;
      /** How a request whose sandbox ended during its work is answered. */
      readonly answer?: 'not-found' | 'bad-gateway' | 'cut';
    }
  /** The template or the sandbox that is created stays in `CREATING` for this time of the fake's clock. */
  | { readonly kind: 'slow-creation'; readonly delayMs: number }
  /** The template or the sandbox that is created ends in `CREATE_FAILED`. */
  | { readonly kind: 'failed-creation'; readonly reason?: string }
  /** The request is judged by a clock that is off by so much. */
  | { readonly kind: 'clock-offset'; readonly offsetMs: number };

/** Everything that can go wrong on demand. */
export type AgentRunFault = ConnectionFault | AnswerFault | ExecutionFault | StateFault;

/** A fault of AgentRun, and the requests that meet it. */
export type AgentRunFaultRule = FaultRule<AgentRunPlane, AgentRunOperation, AgentRunFault>;

/** The faults that are in force. */
export type AgentRunFaultScript = FaultScript<AgentRunPlane, AgentRunOperation, AgentRunFault>;

/** Status 200 with an error item, or what a gateway answers when its patience ends. */
export type ExecutionTimeoutAnswer = 'error-item' | 'request-timeout' | 'gateway-timeout';
