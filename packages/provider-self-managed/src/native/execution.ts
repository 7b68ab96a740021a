import { decodeExecutionResult, fromErrorPayload, SandboxError, type ExecutionRequest, type ExecutionResult } from '@sandport/core';
import { executionEventSchema, MEDIA_TYPES, type ExecutionEvent } from '@sandport/executor-api';
import { deferred, NO_ANSWER_IN_TIME, retrySafely, settleWithin } from '@sandport/provider-kit';
import { z } from 'zod';
import { ExecutorFailure, mayBeSentAgain } from '../http/executor-failure.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { asOurs, cancelledError, invalidAnswer, selfManagedError, toSelfManagedError } from '../self-managed-errors.ts';
import { findLie, longestEventBytes } from './check-result.ts';
import { executionOrder } from './execution-order.ts';
import { InputTransfer } from './input-transfer.ts';
import { OutputDelivery } from './output-delivery.ts';
import { readEvents } from './read-events.ts';
import type { LineRequest, SandboxLine } from './sandbox-line.ts';
import { TakenOutput } from './taken-output.ts';
import type { SandboxState } from './sandbox-state.ts';
import { SILENCE_MS } from './sandbox-tie.ts';

/** How long a program that was withdrawn may take to end: the call settles within a second. */
const WITHDRAWAL_MS = 950;
/** How long the executor has to tell how a program ended whose sandbox did. */
const OVER_GRACE_MS = 500;
/** How much later than its time limit a listener that takes nothing is read past, for the result behind its output. */
const READ_ON_MS = 250;
/** How long an answer that has said everything may take to end, so that its connection serves others. */
const FINISHING_MS = 500;
/** Bytes of a request that take a millisecond on a slow way. */
const BYTES_PER_MS = 1024;

/** What an execution needs besides the request. */
export interface ExecutionContext {
  readonly line: SandboxLine;
  readonly state: SandboxState;
  /** The context whose cell it is; `null` for a program. */
  readonly contextId: string | null;
  readonly maxRetries: number;
}

/** How it came to its end, as far as we know before the program is ended. */
type Ending =
  /** The executor has said its last word. */
  | { readonly kind: 'told'; readonly result: ExecutionResult }
  /** Nobody says anything more. */
  | { readonly kind: 'broken'; readonly error: SandboxError }
  | { readonly kind: 'abort' }
  | { readonly kind: 'deadline' }
  /** The listener or the input failed. */
  | { readonly kind: 'failure'; readonly error: unknown };

const [accepted, output, alive, , failed] = executionEventSchema.options;

/** What is sent as a result is checked by the contract itself, which names the field. */
const eventSchema = z.discriminatedUnion('type', [
  accepted,
  output,
  alive,
  failed,
  z.strictObject({ type: z.literal('result'), result: z.unknown() }),
]);

type Events = AsyncGenerator<z.output<typeof eventSchema>, void, undefined>;

/** One program or cell, from its request to its result. It is sent once. */
export class Execution {
  readonly #request: ExecutionRequest;
  readonly #context: ExecutionContext;
  readonly #order: LineRequest;
  readonly #controller = new AbortController();
  readonly #ending = deferred<Ending>();
  /** Settles with what the executor said last. */
  readonly #lastWord = deferred<Extract<Ending, { kind: 'told' | 'broken' }>>();
  readonly #delivery: OutputDelivery;
  readonly #readOn = deferred<void>();
  readonly #input: InputTransfer | undefined;
  readonly #taken: TakenOutput;
  #id: string | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #readOnTimer: NodeJS.Timeout | undefined;
  #overTimer: NodeJS.Timeout | undefined;
  #isTold = false;

  constructor(request: ExecutionRequest, context: ExecutionContext) {
    this.#request = request;
    this.#context = context;
    this.#order = { ...executionOrder(request, context.contextId), accept: MEDIA_TYPES.lines };
    const onFailure = (error: unknown): void => this.#ending.resolve({ kind: 'failure', error });
    this.#taken = new TakenOutput(context.line);
    this.#delivery = new OutputDelivery(request.onOutput, onFailure);
    this.#input = request.stdin instanceof Uint8Array ? undefined : new InputTransfer(context.line, request.stdin, onFailure);
  }

  /**
   * Sends the request and waits for the result, as the executor gives it.
   *
   * @throws SandboxError whatever went wrong; what the listener or the input threw.
   */
  async settle(signal: AbortSignal | undefined): Promise<ExecutionResult> {
    const onAbort = (): void => this.#ending.resolve({ kind: 'abort' });
    signal?.addEventListener('abort', onAbort, { once: true });
    const forget = this.#context.state.whenOver(() => this.#noteOver());
    try {
      if (signal?.aborted === true) throw cancelledError('execute', signal);
      this.#startDeadline(this.#sendingMs());
      void this.#follow();
      return await this.#conclude(await this.#ending.promise, signal);
    } finally {
      forget();
      signal?.removeEventListener('abort', onAbort);
      for (const timer of [this.#deadline, this.#readOnTimer, this.#overTimer]) clearTimeout(timer);
      this.#letGo();
      // What has said everything ends by itself.
      if (!this.#isTold) this.#controller.abort();
    }
  }

  /** Nothing more is delivered, and nothing waits for that. */
  #letGo(): void {
    this.#delivery.mute();
    this.#readOn.resolve();
    this.#input?.stop();
  }

  async #conclude(ending: Ending, signal: AbortSignal | undefined): Promise<ExecutionResult> {
    this.#letGo();
    switch (ending.kind) {
      case 'told':
        if (ending.result.status === 'cancelled') throw withdrawnThereError();
        return ending.result;
      case 'broken':
        throw this.#context.state.errorOfRunning('execute') ?? ending.error;
      case 'failure':
        await this.#withdraw();
        throw ending.error;
      case 'deadline': {
        const last = await this.#withdraw();
        if (last?.kind === 'told' && last.result.status !== 'cancelled') return last.result;
        throw this.#lateError();
      }
      case 'abort': {
        const last = await this.#withdraw();
        if (last?.kind === 'told') return last.result;
        throw last === undefined ? unknownEndError(signal) : cancelledError('execute', signal);
      }
    }
  }

  /** Has the program ended, and waits a little for the word of it; nothing when none came, or nothing was taken. */
  async #withdraw(): Promise<Extract<Ending, { kind: 'told' | 'broken' }> | undefined> {
    const { line } = this.#context;
    if (this.#isTold) return this.#lastWord.promise;
    if (this.#id === undefined) {
      this.#controller.abort();
      return { kind: 'broken', error: cancelledError('execute', undefined) };
    }
    const request: LineRequest = { action: 'withdraw', method: 'DELETE', route: 'execution', parameters: { execution: this.#id } };
    // When this fails, the end of the answer withdraws it, too.
    line.client.call(line.request(request), { isSafe: false, timeoutMs: WITHDRAWAL_MS }).catch(() => undefined);
    const isTold = await settleWithin(this.#lastWord.promise, WITHDRAWAL_MS);
    return isTold ? this.#lastWord.promise : undefined;
  }

  /** Reads what the executor says, to its last word. */
  async #follow(): Promise<void> {
    try {
      const events = await this.#send();
      const result = await this.#readResult(events);
      this.#isTold = true;
      this.#lastWord.resolve({ kind: 'told', result });
      void this.#finish(events);
      // A program that was stopped has a listener that is told nothing more, wherever it runs.
      if (!STOPPED.has(result.status)) await this.#delivery.idle();
      this.#ending.resolve({ kind: 'told', result });
    } catch (error) {
      const known = this.#context.line.errorOf(error, 'execute', undefined);
      this.#lastWord.resolve({ kind: 'broken', error: known });
      this.#ending.resolve({ kind: 'broken', error: known });
    }
  }

  /** Lets an answer end that has said everything, so that its connection serves others. */
  async #finish(events: Events): Promise<void> {
    await settleWithin(Promise.allSettled([events.next()]), FINISHING_MS);
    this.#controller.abort();
  }

  /** It is sent again only where it never was. */
  async #send(): Promise<Events> {
    const { line, maxRetries } = this.#context;
    const { client } = line;
    const request = line.request(this.#order);
    const { signal } = this.#controller;
    const open = (): Promise<HttpAnswer> => client.open(request, signal);
    const answer = await retrySafely(open, { signal, attempts: maxRetries + 1, isWorth: mayBeSentAgain });
    return readEvents(client, request, answer, {
      schema: eventSchema,
      mostBytes: longestEventBytes(this.#request),
      silenceMs: SILENCE_MS,
      signal,
    });
  }

  async #readResult(events: Events): Promise<ExecutionResult> {
    for (;;) {
      const { done, value } = await events.next();
      if (done === true) throw this.#failure('unreachable', 'ENDED_EARLY');
      if (value.type === 'alive') continue;
      if (value.type === 'error') throw this.#toldError(value);
      if ((value.type === 'accepted') !== (this.#id === undefined)) throw this.#failure('unreadable', 'OUT_OF_PLACE');
      if (value.type === 'accepted') this.#noteAccepted(value.id);
      else if (value.type === 'output') await this.#deliver(value);
      else return this.#checked(value.result);
    }
  }

  #noteAccepted(id: string): void {
    this.#id = id;
    const { timeoutMs } = this.#request.limits;
    const { requestTimeoutMs } = this.#context.line.client;
    this.#startDeadline(timeoutMs + 2 * requestTimeoutMs);
    this.#readOnTimer = setTimeout(() => this.#readOn.resolve(), timeoutMs + READ_ON_MS);
    this.#input?.start(id);
  }

  /** Reads nothing more while the listener takes its time: that holds the program back, through every buffer on the way. */
  async #deliver({ stream, text }: Extract<ExecutionEvent, { type: 'output' }>): Promise<void> {
    this.#delivery.offer({ stream, text });
    await Promise.race([this.#delivery.idle(), this.#readOn.promise]);
    if (this.#id !== undefined) this.#taken.note(this.#id, text);
  }

  #checked(json: unknown): ExecutionResult {
    const { host } = this.#context.line.endpoint;
    let result: ExecutionResult;
    try {
      result = decodeExecutionResult(json);
    } catch (error) {
      throw SandboxError.isInstance(error) ? asOurs(error, 'execute', { cause: error }) : error;
    }
    const lie = findLie(result, this.#request);
    if (lie !== undefined) throw invalidAnswer('execute', host, `result.${lie.field}`, lie.message);
    return result;
  }

  #toldError({ error }: Extract<ExecutionEvent, { type: 'error' }>): SandboxError {
    const told = fromErrorPayload(error);
    // Nobody here withdrew it, or that is known without this.
    return told.code === 'CANCELLED' ? withdrawnThereError() : asOurs(told, 'execute');
  }

  #noteOver(): void {
    this.#overTimer = setTimeout(() => {
      const error = this.#context.state.errorOfRunning('execute') ?? toSelfManagedError(this.#failure('unreachable', 'OVER'), 'execute');
      this.#ending.resolve({ kind: 'broken', error });
    }, OVER_GRACE_MS);
  }

  #startDeadline(timeoutMs: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#ending.resolve({ kind: 'deadline' }), timeoutMs);
  }

  #sendingMs(): number {
    const content = this.#order.body?.content;
    return this.#context.line.client.requestTimeoutMs + (typeof content === 'string' ? content.length / BYTES_PER_MS : 0);
  }

  #lateError(): SandboxError {
    return toSelfManagedError(this.#failure('unreachable', NO_ANSWER_IN_TIME), 'execute');
  }

  #failure(kind: 'unreadable' | 'unreachable', code: string): ExecutorFailure {
    return new ExecutorFailure({ action: 'execute', host: this.#context.line.endpoint.host, kind, code });
  }
}

const STOPPED: ReadonlySet<string> = new Set(['timed-out', 'cancelled', 'killed']);

function withdrawnThereError(): SandboxError {
  return selfManagedError('PROVIDER_UNAVAILABLE', 'execute', 'The executor withdrew the call by itself.', {
    suggestion: 'Look at its log: it may be stopping. Run the program again only if it may run twice.',
  });
}

function unknownEndError(signal: AbortSignal | undefined): SandboxError {
  return selfManagedError(
    'CANCELLED',
    'execute',
    'The call was withdrawn, and the executor did not say in time how far its program came.',
    {
      suggestion: 'Run the program again only if it may run twice.',
      cause: signal?.reason,
    },
  );
}
