import { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from '@sandport/core';

/** How a provider that keeps instances speaks of them, so that what all such providers share gives advice that fits each. */
export interface ProviderTermsOptions {
  readonly providerId: string;
  /** What a program runs in, in the singular: `container`, `child process`. */
  readonly instance: string;
  /** The same in the plural. */
  readonly instances: string;
  /** The field of the configuration that says how many of them there may be. */
  readonly capacityField: string;
  /** What to do, each as a sentence. */
  readonly advice: {
    /** The connection to one was lost. */
    readonly lost: string;
    /** What is inside does not speak as it should. */
    readonly protocol: string;
    /** Something took longer than it may. */
    readonly slow: string;
    /** Making one fails, and the failure itself has no advice. */
    readonly broken: string;
  };
}

/** Makes the errors of one provider, in its own terms. */
export class ProviderTerms {
  readonly providerId: string;
  readonly instance: string;
  readonly instances: string;
  readonly capacityField: string;
  readonly advice: ProviderTermsOptions['advice'];

  constructor({ providerId, instance, instances, capacityField, advice }: ProviderTermsOptions) {
    this.providerId = providerId;
    this.instance = instance;
    this.instances = instances;
    this.capacityField = capacityField;
    this.advice = advice;
  }

  error(code: SandboxErrorCode, operation: string, message: string, options: SandboxErrorOptions = {}): SandboxError {
    return new SandboxError(code, message, { providerId: this.providerId, operation, ...options });
  }
}
