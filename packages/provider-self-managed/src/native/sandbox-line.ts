import type { SandboxError } from '@sandport/core';
import {
  CONNECTION_HEADER,
  MEDIA_TYPES,
  pathOf,
  TENANT_HEADER,
  type RouteName,
  type RouteParameters,
  type SandboxAnswer,
} from '@sandport/executor-api';
import type { Endpoint } from '../http/endpoint.ts';
import type { HttpAnswer, HttpClient, HttpRequest, ShortCall } from '../http/http-client.ts';
import { closedError, toSelfManagedError } from '../self-managed-errors.ts';
import type { SandboxState } from './sandbox-state.ts';

/** A request about one sandbox. */
export interface LineRequest extends Pick<HttpRequest, 'action' | 'method' | 'accept' | 'body'> {
  readonly route: RouteName;
  /** Besides the sandbox itself. */
  readonly parameters?: RouteParameters;
  /** Behind the path, with its `?`. */
  readonly query?: string;
}

/** What a line leads to. */
export interface SandboxLineOptions {
  readonly client: HttpClient;
  readonly endpoint: Endpoint;
  readonly answer: SandboxAnswer;
  readonly tenant: string | undefined;
  readonly state: SandboxState;
}

/** The way to one sandbox: every request names who holds it. */
export class SandboxLine {
  readonly client: HttpClient;
  readonly endpoint: Endpoint;
  readonly #options: SandboxLineOptions;

  constructor(options: SandboxLineOptions) {
    this.#options = options;
    this.client = options.client;
    this.endpoint = options.endpoint;
  }

  get id(): string {
    return this.#options.answer.id;
  }

  request({ route, parameters, query = '', ...request }: LineRequest): HttpRequest {
    const { answer, tenant } = this.#options;
    const headers = { [CONNECTION_HEADER]: answer.connection, ...tenantHeader(tenant) };
    return { ...request, endpoint: this.endpoint, path: `${pathOf(route, { ...parameters, sandbox: answer.id })}${query}`, headers };
  }

  /** @throws SandboxError whatever went wrong. */
  async call(request: LineRequest, options: ShortCall): Promise<unknown> {
    try {
      return await this.client.call(this.request(request), options);
    } catch (error) {
      throw this.errorOf(error, request.action, options.signal);
    }
  }

  /** @throws SandboxError; the signal's reason. */
  async open(request: LineRequest, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      return await this.client.open(this.request(request), signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : this.errorOf(error, request.action, undefined);
    }
  }

  /** What a failure means to a caller of the sandbox, whose end may be the reason of it. */
  errorOf(error: unknown, operation: string, signal: AbortSignal | undefined): SandboxError {
    const known = toSelfManagedError(error, operation);
    if (known.code === 'CANCELLED' && signal?.aborted === true) return known;
    if (known.code === 'SANDBOX_NOT_FOUND') {
      this.#options.state.end({ kind: 'ended' });
      return closedError(operation, known);
    }
    const isBroken = known.code === 'PROVIDER_UNAVAILABLE' && !this.#options.state.isOpen;
    return isBroken ? closedError(operation, known) : known;
  }
}

/** No tenant is named for it: the executor then takes the one that the token is good for, or this where it is good for all. */
export const TENANT_OF_TOKEN = 'default';

/** Header for a tenant other than that of the token. */
export function tenantHeader(tenant: string | undefined): Record<string, string> {
  return tenant === undefined || tenant === TENANT_OF_TOKEN ? {} : { [TENANT_HEADER]: tenant };
}

/** A document as the body of a request. */
export function jsonBody(document: unknown): NonNullable<HttpRequest['body']> {
  return { type: MEDIA_TYPES.json, content: JSON.stringify(document) };
}
