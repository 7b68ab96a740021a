import { jsonAnswer } from '../http/answer.ts';
import { decodeQuery, type ReceivedRequest } from '../http/received-request.ts';
import { checkControlAccess, checkProxy, checkSandboxAccess, findSandbox, type AccessPlace } from './access/check-access.ts';
import type { KeyRing } from './access/key-ring.ts';
import type { Call, E2bAnswer, ServiceState } from './call.ts';
import { controlOperations } from './control/control-operations.ts';
import type { E2bFault } from './e2b-fault.ts';
import type { E2bControlOperation, E2bEnvdOperation, E2bInterpreterOperation } from './e2b-operation.ts';
import { STREAM_TYPE } from './envd/connect-protocol.ts';
import { envdOperations } from './envd/envd-operations.ts';
import { answerToError, connectEndAnswer, textAnswer } from './error-answers.ts';
import { interpreterOperations } from './interpreter/interpreter-operations.ts';
import { toRefusal } from './operation-errors.ts';
import type { RouteMatch } from './routes.ts';
import { ConnectError, HttpError } from './service-error.ts';
import { SandboxStore } from './state/sandbox-store.ts';
import type { ServiceSettings } from './state/service-settings.ts';

/** A request on its way to its operation. */
export interface ServiceRequest {
  readonly call: Call;
  readonly isAuthenticated: boolean;
  /** Why it is not let through, where it is not. */
  readonly refusal: Error | undefined;
}

/** The three planes without their connections and their faults. */
export class E2bService {
  readonly state: ServiceState;
  readonly #keys: KeyRing;

  constructor(settings: ServiceSettings, keys: KeyRing) {
    this.#keys = keys;
    this.state = { settings, sandboxes: new SandboxStore(settings), executions: [] };
  }

  /** Finds out what a request is for, and whether it may. */
  receive(request: ReceivedRequest, route: RouteMatch, faults: readonly E2bFault[]): ServiceRequest {
    const { settings, sandboxes } = this.state;
    const query = new Map(decodeQuery(request.queryText));
    const place: AccessPlace = { request, route, query, faults, settings, keys: this.#keys };
    const make = (sandbox: Call['sandbox']): Call => ({ state: this.state, request, route, sandbox, query, faults });
    if (route.plane === 'control') {
      const { isAuthenticated, refusal } = checkControlAccess(place);
      return { call: make(undefined), isAuthenticated, refusal };
    }
    const sandbox = findSandbox(place, sandboxes);
    const stopped = checkProxy(place, sandbox);
    if (stopped !== undefined || sandbox === undefined) return { call: make(sandbox), isAuthenticated: false, refusal: stopped };
    const { isAuthenticated, refusal } = checkSandboxAccess(place, sandbox);
    return { call: make(sandbox), isAuthenticated, refusal };
  }

  /** Does the work, and writes what came of it. */
  async perform({ call, refusal }: ServiceRequest): Promise<E2bAnswer> {
    try {
      if (this.#isAbsent(call.route)) return this.#absentAnswer();
      if (refusal !== undefined) throw refusal;
      if (call.request.isTooLarge) throw new HttpError(413, 'The request is too large');
      return await dispatch(call);
    } catch (error) {
      return this.#refuse(error, call);
    }
  }

  #isAbsent({ plane, operation, dialect }: RouteMatch): boolean {
    if (plane === undefined) return false;
    const { dialects, absent } = this.state.settings;
    return operation === undefined || absent.has(operation) || (dialect !== undefined && !dialects.has(dialect));
  }

  #absentAnswer(): E2bAnswer {
    const { absentStatus } = this.state.settings;
    if (absentStatus === 501) return jsonAnswer(501, { code: 501, message: 'Not implemented' });
    return textAnswer(absentStatus, absentStatus === 404 ? '404 page not found\n' : 'Method Not Allowed\n');
  }

  #refuse(error: unknown, call: Call): E2bAnswer {
    const refusal = toRefusal(error, call);
    // What a procedure with an answer in pieces refuses, it says in the frame that ends the answer.
    if (refusal instanceof ConnectError && call.request.headers.get('content-type')?.startsWith(STREAM_TYPE) === true)
      return connectEndAnswer(refusal.code, refusal.message);
    const answer = answerToError(refusal);
    if (answer === undefined) throw error;
    return answer;
  }
}

function dispatch(call: Call): Promise<E2bAnswer> | E2bAnswer {
  const { plane, operation } = call.route;
  if (plane === 'control') return controlOperations[operation as E2bControlOperation](call);
  if (plane === 'envd') return envdOperations[operation as E2bEnvdOperation](call);
  return interpreterOperations[operation as E2bInterpreterOperation](call);
}
