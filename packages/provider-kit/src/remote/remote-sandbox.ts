import { lowerDefaultLimits, type CallOptions, type ExecutionRequest } from '@sandport/core';
import { SupervisedSandbox, type SupervisedSandboxOptions } from '../sandbox/supervised-sandbox.ts';
import type { SupervisedInstance } from '../sandbox/supervised-instance.ts';

/** What a sandbox of a service is made of. */
export interface RemoteSandboxOptions extends SupervisedSandboxOptions {
  readonly instance: SupervisedInstance & {
    /** When the service ends it at the latest, in milliseconds since the epoch. */
    readonly endsAtMs: number;
  };
}

/** A sandbox of a service: it cannot outlive what the service gives it. */
export class RemoteSandbox extends SupervisedSandbox {
  readonly #instance: RemoteSandboxOptions['instance'];
  readonly #timeoutMs: number;

  constructor(options: RemoteSandboxOptions) {
    super(options);
    this.#instance = options.instance;
    this.#timeoutMs = options.capabilities.maxima.timeoutMs;
  }

  protected override lowerDefaults(request: ExecutionRequest): ExecutionRequest {
    return lowerDefaultLimits(request, { timeoutMs: this.#timeoutMs });
  }

  override async extend(lifetimeMs: number, options: CallOptions = {}): Promise<void> {
    const { endsAtMs, connection } = this.#instance;
    if (Date.now() + lifetimeMs > endsAtMs) {
      throw connection.terms.error('REQUEST_INVALID', 'extend', 'lifetimeMs: the service ends this sandbox before.', {
        suggestion: 'Ask for less, or create another sandbox.',
        details: { field: 'lifetimeMs', endsAtMs },
      });
    }
    await super.extend(lifetimeMs, options);
  }
}
