import { fromErrorPayload } from '@sandport/core';
import { ALIVE_INTERVAL_MS, MEDIA_TYPES, sandboxEventSchema, type SandboxAnswer, type SandboxEvent } from '@sandport/executor-api';
import { deferred, settleWithin, withDeadline } from '@sandport/provider-kit';
import { ExecutorFailure } from '../http/executor-failure.ts';
import type { HttpClient, HttpRequest } from '../http/http-client.ts';
import { asOurs, PROVIDER_ID, toSelfManagedError } from '../self-managed-errors.ts';
import { readEvents } from './read-events.ts';
import type { SandboxEnd } from './sandbox-state.ts';

/** Longest line about a sandbox. */
const EVENT_BYTES = 64 * 1024;

/** How long a stream that has said everything may take to end, so that its connection serves others. */
const FINISHING_MS = 500;

/** Without a byte for this long, a connection is broken. */
export const SILENCE_MS = 3 * ALIVE_INTERVAL_MS;

/** What it takes to make a sandbox. */
export interface OpenTieOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** The open answer that a sandbox lives by: when it breaks, from whichever side, the sandbox ends. */
export class SandboxTie {
  readonly #controller: AbortController;
  readonly #over = deferred<SandboxEnd>();

  private constructor(controller: AbortController) {
    this.#controller = controller;
  }

  /**
   * Has a sandbox made and keeps the answer open.
   *
   * @throws SandboxError whatever the executor says; ExecutorFailure; then no sandbox is left.
   */
  static async open(
    client: HttpClient,
    request: HttpRequest,
    { signal, timeoutMs }: OpenTieOptions,
  ): Promise<{ readonly answer: SandboxAnswer; readonly tie: SandboxTie }> {
    const controller = new AbortController();
    const { action } = request;
    try {
      return await withDeadline({ signal, timeoutMs, providerId: PROVIDER_ID, operation: action }, async (inTime) => {
        inTime.addEventListener('abort', () => controller.abort(inTime.reason), { once: true });
        const answer = await client.open({ ...request, accept: MEDIA_TYPES.lines }, controller.signal);
        const options = { schema: sandboxEventSchema, mostBytes: EVENT_BYTES, silenceMs: SILENCE_MS, signal: controller.signal };
        const events = readEvents(client, request, answer, options);
        const sandbox = await awaitSandbox(events, request);
        const tie = new SandboxTie(controller);
        void tie.#watch(events, request);
        return { answer: sandbox, tie };
      });
    } catch (error) {
      controller.abort();
      throw error;
    }
  }

  /** Settles when the sandbox has ended, or ends. */
  get over(): Promise<SandboxEnd> {
    return this.#over.promise;
  }

  /** Breaks the answer off, and with it the sandbox. */
  release(): void {
    this.#over.resolve({ kind: 'ended' });
    this.#controller.abort();
  }

  async #watch(events: AsyncGenerator<SandboxEvent, void, undefined>, request: HttpRequest): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await events.next();
        if (done === true)
          throw new ExecutorFailure({ action: request.action, host: request.endpoint.host, kind: 'unreachable', code: 'ENDED_EARLY' });
        if (value.type === 'ended') break;
        if (value.type === 'error') throw toldError(value, request);
      }
      this.#over.resolve({ kind: 'ended' });
      await settleWithin(events.next(), FINISHING_MS);
    } catch (error) {
      this.#over.resolve({ kind: 'lost', cause: toSelfManagedError(error, request.action) });
    } finally {
      this.#controller.abort();
    }
  }
}

async function awaitSandbox(events: AsyncGenerator<SandboxEvent, void, undefined>, request: HttpRequest): Promise<SandboxAnswer> {
  const { action, endpoint } = request;
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) throw new ExecutorFailure({ action, host: endpoint.host, kind: 'unreachable', code: 'ENDED_EARLY' });
    if (value.type === 'sandbox') return value.sandbox;
    if (value.type === 'error') throw toldError(value, request);
    if (value.type === 'ended') throw new ExecutorFailure({ action, host: endpoint.host, kind: 'unreadable', code: 'ENDED_UNMADE' });
  }
}

function toldError({ error }: Extract<SandboxEvent, { type: 'error' }>, { action }: HttpRequest): Error {
  return asOurs(fromErrorPayload(error), action);
}
