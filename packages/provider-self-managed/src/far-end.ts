import { OTHER_ROUTES, pathOf, problemSchema, RAGFLOW_HEALTH } from '@sandport/executor-api';
import { withDeadline } from '@sandport/provider-kit';
import { isDeepStrictEqual } from 'node:util';
import type { CallOptions, SandboxError } from '@sandport/core';
import type { Endpoint } from './http/endpoint.ts';
import { ExecutorFailure } from './http/executor-failure.ts';
import type { HttpClient } from './http/http-client.ts';
import { PROVIDER_ID, selfManagedError, toSelfManagedError } from './self-managed-errors.ts';

/** What an executor can be: one of ours, or RAGFlow's executor manager. */
export type FarEndKind = 'sandport' | 'ragflow';

const OPERATION = 'find out the protocol';

/** Finds out what is at the far end, once. A failure is not kept: the next call asks again. */
export class FarEnd {
  readonly #client: HttpClient;
  readonly #endpoints: readonly Endpoint[];
  #finding: Promise<FarEndKind> | undefined;

  constructor(client: HttpClient, endpoints: readonly Endpoint[]) {
    this.#client = client;
    this.#endpoints = endpoints;
  }

  /** @throws SandboxError `PROVIDER_UNAVAILABLE`, `RESPONSE_INVALID` when it is neither, `CANCELLED`. */
  async find({ signal }: CallOptions): Promise<FarEndKind> {
    const timeoutMs = 4 * this.#client.requestTimeoutMs * this.#endpoints.length;
    // Whoever gives up leaves the others their answer.
    return withDeadline({ signal, timeoutMs, providerId: PROVIDER_ID, operation: OPERATION }, () => {
      this.#finding ??= this.#ask().catch((error: unknown) => {
        this.#finding = undefined;
        throw error;
      });
      return this.#finding;
    });
  }

  async #ask(): Promise<FarEndKind> {
    let failure: SandboxError | undefined;
    for (const endpoint of this.#endpoints) {
      try {
        return await this.#kindOf(endpoint);
      } catch (error) {
        failure ??= toSelfManagedError(error, OPERATION);
      }
    }
    throw failure ?? selfManagedError('INTERNAL', OPERATION, 'There is no executor to ask.', { suggestion: 'Set "endpoint".' });
  }

  async #kindOf(endpoint: Endpoint): Promise<FarEndKind> {
    try {
      const answer = await this.#get(endpoint, pathOf('capabilities'));
      if (isOurs(answer)) return 'sandport';
    } catch (error) {
      if (!(error instanceof ExecutorFailure)) throw error;
      const { problem, status } = error.facts;
      if (isOurs(problem)) return 'sandport';
      if (status !== 404) throw error;
    }
    const health = await this.#get(endpoint, OTHER_ROUTES.live);
    if (isDeepStrictEqual(health, { ...RAGFLOW_HEALTH })) return 'ragflow';
    throw selfManagedError(
      'RESPONSE_INVALID',
      OPERATION,
      `What answers at ${endpoint.host} is neither an executor of Sandport nor one of RAGFlow.`,
      {
        suggestion: 'Check "endpoint", or set "protocol".',
        details: { host: endpoint.host },
      },
    );
  }

  #get(endpoint: Endpoint, path: string): Promise<unknown> {
    return this.#client.call({ action: OPERATION, endpoint, method: 'GET', path }, { isSafe: true });
  }
}

/** Its problems and its service have names of ours. */
function isOurs(answer: unknown): boolean {
  const problem = problemSchema.safeParse(answer);
  if (problem.success) return problem.data.type.startsWith('urn:sandport:');
  return typeof answer === 'object' && answer !== null && Reflect.get(answer, 'service') === 'sandport-executor';
}
