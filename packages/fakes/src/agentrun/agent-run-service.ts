import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/answer.ts';
import { decodeQuery, type ReceivedRequest } from '../http/received-request.ts';
import { AccessTokens } from './access/access-tokens.ts';
import { authenticateControl } from './access/authenticate-control.ts';
import { authenticateData } from './access/authenticate-data.ts';
import { forbiddenAction, type Authentication } from './access/caller.ts';
import type { KeyRing } from './access/key-ring.ts';
import type { AgentRunFault } from './agent-run-fault.ts';
import type { ControlOperation, DataOperation } from './agent-run-operation.ts';
import { findFault, type Call, type ServiceState } from './call.ts';
import { controlOperations } from './control/control-operations.ts';
import { authorizeData } from './data/authorize-data.ts';
import { dataOperations } from './data/data-operations.ts';
import { errorAnswer } from './error-answers.ts';
import { toServiceError } from './operation-errors.ts';
import type { RouteMatch } from './routes.ts';
import { serviceError, type ServiceError } from './service-error.ts';
import { SandboxStore } from './state/sandbox-store.ts';
import type { ServiceSettings } from './state/service-settings.ts';
import { TemplateStore } from './state/template-store.ts';

/** A request on its way to its operation. */
export interface ServiceRequest {
  readonly request: ReceivedRequest;
  readonly requestId: string;
  readonly route: RouteMatch;
  readonly faults: readonly AgentRunFault[];
  readonly authentication: Authentication;
}

/** Both planes without their connections and their faults. */
export class AgentRunService {
  readonly state: ServiceState;
  readonly #keys: KeyRing;
  readonly #accountId: string;
  readonly #usedNonces = new Set<string>();

  constructor(settings: ServiceSettings, keys: KeyRing, accountId: string) {
    this.#keys = keys;
    this.#accountId = accountId;
    this.state = {
      settings,
      templates: new TemplateStore(settings),
      sandboxes: new SandboxStore(settings),
      tokens: new AccessTokens(),
      executions: [],
      hasServiceLinkedRole: true,
    };
  }

  /** Finds out who calls. `clockOffsetMs` is how far the judging clock is off. */
  authenticate(request: ReceivedRequest, route: RouteMatch, clockOffsetMs: number): Authentication {
    const { settings, tokens } = this.state;
    const nowMs = settings.now() + clockOffsetMs;
    if (route.plane === undefined) return { refusal: serviceError(404, 'ERR_NOT_FOUND', 'There is nothing at this path') };
    if (route.plane === 'control')
      return authenticateControl(request, { keys: this.#keys, usedNonces: this.#usedNonces, nowMs, operation: route.operation });
    const { apiKeys, region } = settings;
    return authenticateData(request, { keys: this.#keys, tokens, apiKeys, region, accountId: this.#accountId, nowMs });
  }

  /** Does the work, and writes what came of it. */
  async perform(serviceRequest: ServiceRequest): Promise<{ answer: Answer; errorCode: string | undefined }> {
    this.state.sandboxes.sweep();
    try {
      return { answer: await this.#dispatch(serviceRequest), errorCode: undefined };
    } catch (error) {
      const refusal = toServiceError(error);
      if (refusal === undefined) throw error;
      return { answer: this.refuse(refusal, serviceRequest), errorCode: refusal.code };
    }
  }

  refuse(refusal: ServiceError, { requestId, route, faults }: Pick<ServiceRequest, 'requestId' | 'route' | 'faults'>): Answer {
    return errorAnswer(refusal, requestId, route.plane === 'data' && findFault(faults, 'nested-error') !== undefined);
  }

  async #dispatch({ request, requestId, route, faults, authentication }: ServiceRequest): Promise<Answer> {
    if ('refusal' in authentication) throw authentication.refusal;
    const { caller } = authentication;
    if (route.operation === undefined) throw serviceError(404, 'NOT_FOUND', 'There is nothing at this path');
    const { limits } = this.state.settings;
    if (request.isTooLarge || (route.operation !== 'UploadFile' && request.body.length > limits.maxBodyBytes))
      throw serviceError(413, 'REQUEST_TOO_LARGE', 'The request is too large');
    const query = new Map(decodeQuery(request.queryText));
    const body = route.operation === 'UploadFile' ? undefined : parseBody(request.body);
    const call: Call = { state: this.state, request, requestId, route, caller, query, body, faults };
    if (route.plane === 'control') {
      const action = `agentrun:${route.operation}`;
      if (caller.key?.deniedActions?.includes(action) === true) throw forbiddenAction(action, caller.accountId);
      return controlOperations[route.operation as ControlOperation](call);
    }
    authorizeData(call);
    return dataOperations[route.operation as DataOperation](call);
  }
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    throw serviceError(400, 'INVALID_REQUEST', `The body is not JSON: ${String(error)}`);
  }
}

export const makeRequestId = (): string => randomUUID().toUpperCase();
