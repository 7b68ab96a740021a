import { performance } from 'node:perf_hooks';
import {
  checkSandboxOptions,
  commonCapabilities,
  describeIssue,
  REQUEST_LIMITS,
  SANDBOX_LIMIT_NAMES,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthReport,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxError,
} from '@sandport/core';
import { pathOf, sandboxAnswerSchema, type SandboxAnswer, type SandboxBody } from '@sandport/executor-api';
import { instrumentCreate, RemoteFailure, throwIfCancelled } from '@sandport/provider-kit';
import type { Executor } from '../executor.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { HttpClient, HttpRequest } from '../http/http-client.ts';
import { wasNeverSent } from '../http/executor-failure.ts';
import { selfManagedCapabilities } from '../self-managed-capabilities.ts';
import { cancelledError, invalidAnswer, PROVIDER_ID, selfManagedError, toSelfManagedError } from '../self-managed-errors.ts';
import { checkSelfManagedHealth } from '../self-managed-health.ts';
import type { SelfManagedProviderConfig } from '../self-managed-provider-config.ts';
import { describeExecutor } from './describe-executor.ts';
import { EndpointRing } from './endpoint-ring.ts';
import { NativeSandbox, type NativeSandboxOptions } from './native-sandbox.ts';
import { jsonBody, SandboxLine, tenantHeader } from './sandbox-line.ts';
import { SandboxState } from './sandbox-state.ts';
import { SandboxTie } from './sandbox-tie.ts';

/** What it takes to speak with executors of ours. */
export interface NativeExecutorOptions {
  readonly config: SelfManagedProviderConfig;
  readonly client: HttpClient;
  readonly endpoints: readonly Endpoint[];
}

/** A sandbox that was made or taken over, and where. */
type Made = Pick<NativeSandboxOptions, 'answer' | 'tie'> & { readonly endpoint: Endpoint };

const CREATE = 'create sandbox';
const CONNECT = 'connect to sandbox';
const ASK = 'ask for capabilities';
/** The wait of an executor that says nothing about it, where its answer is not open meanwhile. */
const USUAL_WAIT_MS = 60_000;

/** Speaks with executors of ours, by their native API. */
export class NativeExecutor implements Executor {
  readonly #config: SelfManagedProviderConfig;
  readonly #client: HttpClient;
  readonly #capabilities: ProviderCapabilities;
  readonly #endpoints: readonly Endpoint[];
  readonly #ring: EndpointRing;
  readonly #sandboxes = new Set<NativeSandbox>();
  #isClosed = false;

  constructor({ config, client, endpoints }: NativeExecutorOptions) {
    this.#config = config;
    this.#client = client;
    this.#capabilities = selfManagedCapabilities(config);
    this.#endpoints = endpoints;
    this.#ring = new EndpointRing(endpoints);
  }

  async createSandbox(options: CreateSandboxOptions, { signal }: CallOptions): Promise<Sandbox> {
    checkSandboxOptions(PROVIDER_ID, this.#capabilities, options);
    this.#checkOpen(CREATE);
    throwIfCancelled({ signal, providerId: PROVIDER_ID, operation: CREATE });
    const began = performance.now();
    const { language, limits = {}, tenant } = options;
    const made = await instrumentCreate({ providerId: PROVIDER_ID, language }, () => this.#createInTurn(options, signal));
    const sandbox = this.#take(made, { limits, makingMs: performance.now() - began }, tenant);
    if (!this.#isClosed && made.answer.language === language) return sandbox;
    await sandbox.destroy();
    this.#checkOpen(CREATE);
    throw invalidAnswer(CREATE, made.endpoint.host, 'sandbox.language', `is not ${language}`);
  }

  async connectSandbox(id: string, { signal }: CallOptions): Promise<Sandbox> {
    this.#checkOpen(CONNECT);
    throwIfCancelled({ signal, providerId: PROVIDER_ID, operation: CONNECT });
    if (!SANDBOX_ID.test(id)) throw notFoundError();
    let failure: SandboxError | undefined;
    for (const endpoint of this.#ring.inTurn()) {
      try {
        const answer = await this.#connect(id, endpoint, signal);
        return this.#take({ answer, tie: undefined, endpoint }, { limits: {}, makingMs: 0 }, undefined);
      } catch (error) {
        const known = this.#errorOf(error, CONNECT, signal);
        if (known.code === 'CANCELLED' || this.#isClosed) throw known;
        if (known.code !== 'SANDBOX_NOT_FOUND') failure ??= known;
      }
    }
    // Where one could not be asked, nobody knows that there is no such sandbox.
    throw failure ?? notFoundError();
  }

  /** Any of those that answer may be given a sandbox to make, so that it is what all of them can do. */
  async askCapabilities(call: CallOptions): Promise<ProviderCapabilities> {
    this.#checkOpen(ASK);
    throwIfCancelled({ signal: call.signal, providerId: PROVIDER_ID, operation: ASK });
    const asked = this.#endpoints.map((endpoint) => describeExecutor({ client: this.#client, endpoint, operation: ASK, call }));
    const answers = await Promise.allSettled(asked);
    const told = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.capabilities] : []));
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (call.signal?.aborted === true || (failed !== undefined && told.length === 0)) throw this.#errorOf(failed?.reason, ASK, call.signal);
    return told.reduce(commonCapabilities, this.#capabilities);
  }

  checkHealth(call: CallOptions): Promise<HealthReport> {
    return checkSelfManagedHealth({ client: this.#client, endpoints: this.#endpoints, executor: this, call });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled([...this.#sandboxes].map((sandbox) => sandbox.close()));
    await this.#client.close();
  }

  /** Has one made by the first executor that can. One that is in trouble, or full, is not the end of it. */
  async #createInTurn(options: CreateSandboxOptions, signal: AbortSignal | undefined): Promise<Made> {
    const began = performance.now();
    const turn = this.#ring.inTurn();
    for (const [index, endpoint] of turn.entries()) {
      try {
        const made = await this.#create(withRemainingWait(options, performance.now() - began), endpoint, signal);
        this.#ring.noteWell(endpoint);
        return made;
      } catch (error) {
        const known = this.#errorOf(error, CREATE, signal);
        if (known.code === 'PROVIDER_UNAVAILABLE') this.#ring.noteTrouble(endpoint);
        const isLast = index === turn.length - 1 || this.#isClosed;
        if (isLast || !mayGoElsewhere(error, known, options.reconnectable === true)) throw known;
      }
    }
    throw selfManagedError('INTERNAL', CREATE, 'There is no executor to ask.', { suggestion: 'Set "endpoint".' });
  }

  async #create(options: CreateSandboxOptions, endpoint: Endpoint, signal: AbortSignal | undefined): Promise<Made> {
    const { maxWaitMs, reconnectable, tenant } = options;
    const request: HttpRequest = {
      action: CREATE,
      endpoint,
      method: 'POST',
      path: pathOf('sandboxes'),
      headers: tenantHeader(tenant),
      body: jsonBody(sandboxBody(options)),
    };
    const { requestTimeoutMs } = this.#client;
    if (reconnectable === true) {
      const json = await this.#client.call(request, { signal, isSafe: false, timeoutMs: (maxWaitMs ?? USUAL_WAIT_MS) + requestTimeoutMs });
      return { answer: parseSandbox(json, CREATE, endpoint), tie: undefined, endpoint };
    }
    const timeoutMs = (maxWaitMs ?? REQUEST_LIMITS.maxWaitMs) + requestTimeoutMs;
    return { ...(await SandboxTie.open(this.#client, request, { signal, timeoutMs })), endpoint };
  }

  async #connect(id: string, endpoint: Endpoint, signal: AbortSignal | undefined): Promise<SandboxAnswer> {
    const path = pathOf('sandboxConnection', { sandbox: id });
    // Taken over twice is taken over: the answer that was lost names a former holder.
    return parseSandbox(
      await this.#client.call({ action: CONNECT, endpoint, method: 'POST', path }, { signal, isSafe: true }),
      CONNECT,
      endpoint,
    );
  }

  #take(
    { answer, tie, endpoint }: Made,
    made: Pick<NativeSandboxOptions, 'limits' | 'makingMs'>,
    tenant: string | undefined,
  ): NativeSandbox {
    const state = new SandboxState();
    const line = new SandboxLine({ client: this.#client, endpoint, answer, tenant, state });
    const { maxRetries } = this.#config;
    const sandbox = new NativeSandbox({ capabilities: this.#capabilities, maxRetries, answer, line, state, tie, ...made });
    this.#sandboxes.add(sandbox);
    state.whenOver(() => void this.#sandboxes.delete(sandbox));
    return sandbox;
  }

  #checkOpen(operation: string): void {
    if (this.#isClosed) throw providerClosedError(operation);
  }

  #errorOf(error: unknown, operation: string, signal: AbortSignal | undefined): SandboxError {
    if (this.#isClosed) return providerClosedError(operation);
    return signal?.aborted === true ? cancelledError(operation, signal) : toSelfManagedError(error, operation);
  }
}

/** What can be an id; whatever else is looked for exists nowhere. */
const SANDBOX_ID = /^(?!\.{1,2}$)[\x21-\x7e]{1,256}$/;

/** Whether another executor may be asked. One that outlives its maker must not have been made by a call whose answer was lost. */
function mayGoElsewhere(error: unknown, known: SandboxError, isReconnectable: boolean): boolean {
  if (known.code === 'CAPACITY_EXHAUSTED' || known.code === 'RATE_LIMITED') return true;
  if (known.code !== 'PROVIDER_UNAVAILABLE') return false;
  const wasRefused = error instanceof RemoteFailure && (error.facts.kind === 'refused' || wasNeverSent(error));
  return wasRefused || !isReconnectable;
}

function withRemainingWait(options: CreateSandboxOptions, spentMs: number): CreateSandboxOptions {
  const { maxWaitMs } = options;
  return maxWaitMs === undefined ? options : { ...options, maxWaitMs: Math.max(0, Math.round(maxWaitMs - spentMs)) };
}

function sandboxBody({
  language,
  limits = {},
  network,
  maxWaitMs,
  idleTimeoutMs,
  lifetimeMs,
  reconnectable,
}: CreateSandboxOptions): SandboxBody {
  const given = Object.fromEntries(SANDBOX_LIMIT_NAMES.flatMap((name) => (limits[name] === undefined ? [] : [[name, limits[name]]])));
  return {
    language,
    ...(Object.keys(given).length === 0 ? {} : { limits: given }),
    ...(network === undefined || network === 'none' ? {} : { network }),
    ...(reconnectable === true ? { reconnectable } : {}),
    ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
  };
}

function parseSandbox(json: unknown, operation: string, { host }: Endpoint): SandboxAnswer {
  const parsed = sandboxAnswerSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'sandbox');
  throw invalidAnswer(operation, host, field, message, parsed.error);
}

function notFoundError(): SandboxError {
  return selfManagedError('SANDBOX_NOT_FOUND', CONNECT, 'No executor here has a sandbox of this id that could be taken over.', {
    suggestion: 'It has ended, or was not made with "reconnectable". Create another sandbox.',
  });
}

function providerClosedError(operation: string): SandboxError {
  return selfManagedError('SANDBOX_CLOSED', operation, 'The provider was closed.', { suggestion: 'Create a new provider.' });
}
