import type { CallOptions, CreateSandboxOptions, HealthReport, ProviderCapabilities, Sandbox, SandboxProvider } from '@sandport/core';
import { throwIfCancelled } from '@sandport/provider-kit';
import type { ExecutorSettings } from './executor-settings.ts';
import type { Executor } from './executor.ts';
import { FAR_ENDS } from './far-end-kinds.ts';
import { FarEnd } from './far-end.ts';
import { parseEndpoint } from './http/endpoint.ts';
import { HttpClient } from './http/http-client.ts';
import { PROVIDER_ID, selfManagedError, toSelfManagedError } from './self-managed-errors.ts';
import { failedHealth } from './self-managed-health.ts';
import type { SelfManagedProviderConfig } from './self-managed-provider-config.ts';

/** Runs code at an executor of one's own, over HTTP. */
export class SelfManagedProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = PROVIDER_ID;
  readonly capabilities: ProviderCapabilities;
  readonly #settings: ExecutorSettings;
  readonly #farEnd: FarEnd;
  #executor: Executor | undefined;
  #isClosed = false;

  constructor(config: SelfManagedProviderConfig) {
    const client = new HttpClient(config);
    const endpoints = [config.endpoint, ...config.endpoints].map(parseEndpoint);
    this.#settings = { config, client, endpoints };
    this.#farEnd = new FarEnd(client, endpoints);
    // What is not known yet may be one of ours, which can do the most; another refuses what it cannot.
    this.capabilities = FAR_ENDS[config.protocol === 'auto' ? 'sandport' : config.protocol].capabilities(config);
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    const executor = await this.#executorFor('create sandbox', call);
    return executor.createSandbox(options, call);
  }

  async connectSandbox(id: string, call: CallOptions = {}): Promise<Sandbox> {
    const operation = 'connect to sandbox';
    const executor = await this.#executorFor(operation, call);
    if (executor.connectSandbox !== undefined) return executor.connectSandbox(id, call);
    throw selfManagedError('CAPABILITY_UNSUPPORTED', operation, "No sandbox of RAGFlow's executor manager outlives its call.", {
      suggestion: 'Let "endpoint" lead to an executor of Sandport.',
    });
  }

  async askCapabilities(call: CallOptions = {}): Promise<ProviderCapabilities> {
    const operation = 'ask for capabilities';
    try {
      const executor = await this.#executorFor(operation, call);
      return await executor.askCapabilities(call);
    } catch (error) {
      throw toSelfManagedError(error, operation);
    }
  }

  async checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    const began = performance.now();
    let executor: Executor;
    try {
      executor = await this.#executorFor('check health', call);
    } catch (error) {
      return failedHealth(toSelfManagedError(error, 'check health'), performance.now() - began);
    }
    return executor.checkHealth(call);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#executor?.close();
    await this.#settings.client.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #executorFor(operation: string, { signal }: CallOptions): Promise<Executor> {
    this.#checkOpen(operation);
    throwIfCancelled({ signal, providerId: PROVIDER_ID, operation });
    const { protocol } = this.#settings.config;
    const kind = protocol === 'auto' && this.#executor === undefined ? await this.#farEnd.find({ signal }) : protocol;
    this.#checkOpen(operation);
    // Somebody else may have found it out meanwhile; there is one executor.
    this.#executor ??= FAR_ENDS[kind === 'ragflow' ? 'ragflow' : 'sandport'].createExecutor(this.#settings);
    return this.#executor;
  }

  #checkOpen(operation: string): void {
    if (!this.#isClosed) return;
    throw selfManagedError('SANDBOX_CLOSED', operation, 'The provider was closed.', { suggestion: 'Create a new provider.' });
  }
}
