import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { whenGone } from './when-gone.ts';

/** The calls whose answers are not sent to their end. Who stops a service waits for them, and withdraws what takes too long. */
export class OpenAnswers {
  readonly #open = new Set<ServerResponse>();
  readonly #resting = new Set<ServerResponse>();
  readonly #withdrawal = new AbortController();

  constructor() {
    // As many as there are calls.
    setMaxListeners(0, this.#withdrawal.signal);
  }

  /** Counts every call from its first byte on. */
  watch(app: FastifyInstance): void {
    app.addHook('onRequest', (_request, { raw }, done) => {
      this.#open.add(raw);
      // Who counts, who logs, who waits: each wants to know when it is over.
      raw.setMaxListeners(MOST_LISTENERS);
      raw.once('close', () => {
        this.#open.delete(raw);
        this.#resting.delete(raw);
      });
      done();
    });
  }

  /** All of them. */
  get size(): number {
    return this.#open.size;
  }

  /** Those that come to their end by themselves. */
  get working(): number {
    return this.#open.size - this.#resting.size;
  }

  /** This one stays open until its caller, or we, have had enough. */
  rest({ raw }: FastifyReply): void {
    if (this.#open.has(raw)) this.#resting.add(raw);
  }

  get isWithdrawn(): boolean {
    return this.#withdrawal.signal.aborted;
  }

  /** Withdraws every call that goes by {@link OpenAnswers.goneSignal}, also those that come from now on. */
  withdrawAll(): void {
    this.#withdrawal.abort();
  }

  /** Fires when whoever waits for the answer is gone, or the call is withdrawn by us. */
  goneSignal(reply: FastifyReply): AbortSignal {
    const controller = new AbortController();
    const { signal } = this.#withdrawal;
    const abort = (): void => controller.abort();
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    reply.raw.once('close', () => signal.removeEventListener('abort', abort));
    whenGone(reply, abort);
    return controller.signal;
  }
}

const MOST_LISTENERS = 32;
