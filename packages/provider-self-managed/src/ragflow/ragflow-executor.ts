import {
  checkSandboxOptions,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthReport,
  type ProviderCapabilities,
  type Sandbox,
} from '@sandport/core';
import { runProbe, throwIfCancelled } from '@sandport/provider-kit';
import { RAGFLOW_CAPABILITIES } from './ragflow-capabilities.ts';
import { RagflowClient, type RagflowClientOptions } from './ragflow-client.ts';
import { RAGFLOW_PROVIDER_ID, ragflowError } from './ragflow-errors.ts';
import { checkRagflowHealth } from './ragflow-health.ts';
import { RagflowSandbox } from './ragflow-sandbox.ts';

/** How RAGFlow's executor manager is reached, and what is asked of it at most. */
export interface RagflowExecutorOptions extends RagflowClientOptions {
  /** @default RAGFLOW_CAPABILITIES */
  readonly capabilities?: ProviderCapabilities;
}

/** Runs programs at RAGFlow's executor manager, as far as its one call goes: {@link RAGFLOW_CAPABILITIES}. */
export class RagflowExecutor {
  readonly #client: RagflowClient;
  readonly #capabilities: ProviderCapabilities;
  readonly #sandboxes = new Set<RagflowSandbox>();
  #isClosed = false;

  constructor({ capabilities = RAGFLOW_CAPABILITIES, ...client }: RagflowExecutorOptions) {
    this.#client = new RagflowClient(client);
    this.#capabilities = capabilities;
  }

  /**
   * Gives a sandbox. Nothing is sent: the far end knows of it when it runs its program.
   *
   * @throws SandboxError `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED`, `REQUEST_INVALID`, `CANCELLED`, `SANDBOX_CLOSED`.
   */
  async createSandbox(options: CreateSandboxOptions, { signal }: CallOptions = {}): Promise<Sandbox> {
    checkSandboxOptions(RAGFLOW_PROVIDER_ID, this.#capabilities, options);
    if (this.#isClosed) {
      throw ragflowError('SANDBOX_CLOSED', 'create sandbox', 'The provider was closed.', { suggestion: 'Create a new provider.' });
    }
    throwIfCancelled({ signal, providerId: RAGFLOW_PROVIDER_ID, operation: 'create sandbox' });
    const sandbox = new RagflowSandbox({
      client: this.#client,
      language: options.language,
      capabilities: this.#capabilities,
      onEnded: (ended) => void this.#sandboxes.delete(ended),
    });
    this.#sandboxes.add(sandbox);
    return sandbox;
  }

  /** It says nothing of itself: what it can do is known. */
  askCapabilities(): Promise<ProviderCapabilities> {
    return Promise.resolve(this.#capabilities);
  }

  /** Looks whether the far end answers and runs programs. Findings are in the report. */
  checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    return checkRagflowHealth(this.#client, (language) => runProbe(this, language, call), call);
  }

  /** Settles the calls that run. Their programs go on at the far end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#sandboxes].map((sandbox) => sandbox.destroy()));
  }
}
