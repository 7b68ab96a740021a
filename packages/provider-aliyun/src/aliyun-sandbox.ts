import { lowerDefaultLimits, type CallOptions, type ExecutionRequest } from '@sandport/core';
import { SupervisedSandbox, type SupervisedSandboxOptions } from '@sandport/provider-kit';
import { aliyunError } from './aliyun-errors.ts';
import type { AgentRunInstance } from './sandbox/agentrun-instance.ts';

/** What a sandbox of the service is made of. */
export interface AliyunSandboxOptions extends SupervisedSandboxOptions {
  readonly instance: AgentRunInstance;
}

/** A sandbox of the service: it cannot outlive what the service gives it. */
export class AliyunSandbox extends SupervisedSandbox {
  readonly #endsAtMs: number;
  readonly #timeoutMs: number;

  constructor(options: AliyunSandboxOptions) {
    super(options);
    this.#endsAtMs = options.instance.endsAtMs;
    this.#timeoutMs = options.capabilities.maxima.timeoutMs;
  }

  protected override lowerDefaults(request: ExecutionRequest): ExecutionRequest {
    return lowerDefaultLimits(request, { timeoutMs: this.#timeoutMs });
  }

  override async extend(lifetimeMs: number, options: CallOptions = {}): Promise<void> {
    if (Date.now() + lifetimeMs > this.#endsAtMs) {
      throw aliyunError('REQUEST_INVALID', 'extend', 'lifetimeMs: the service ends this sandbox before.', {
        suggestion: 'Ask for less, or create another sandbox.',
        details: { field: 'lifetimeMs', endsAtMs: this.#endsAtMs },
      });
    }
    await super.extend(lifetimeMs, options);
  }
}
