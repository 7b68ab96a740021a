import { SandboxError, type JsonObject } from '@sandport/core';
import { looksLikeId } from '../configuration/row-errors.ts';
import { countFallback } from '../telemetry/client-telemetry.ts';
import type { CallRoute, RouteStep } from './call-route.ts';

/** Writes down the way of one call. */
export class RouteTrail {
  readonly #configurationVersion: number | null;
  readonly #hasFallback: boolean;
  readonly #steps: RouteStep[] = [];
  #skipped: SandboxError | undefined;
  #failed: SandboxError | undefined;

  constructor(configurationVersion: number | null, hasFallback: boolean) {
    this.#configurationVersion = configurationVersion;
    this.#hasFallback = hasFallback;
  }

  /** A provider was not asked. */
  skipped(providerId: string, error: SandboxError): void {
    this.#skipped ??= error;
    this.#add(providerId, 'skipped', error);
  }

  /** A provider was asked and could not. */
  failed(providerId: string, error: SandboxError): void {
    this.#failed = error;
    this.#add(providerId, 'failed', error);
  }

  /** The call goes to another provider after all that was written down. */
  goesOn(): void {
    const left = this.#steps.at(-1);
    if (left !== undefined) countFallback(left);
  }

  /** A provider carried the call out. */
  used(providerId: string): CallRoute {
    return this.#route([...this.#steps, { providerId, outcome: 'used' }]);
  }

  /** What is thrown when no provider is left: what the last one that was asked met, or else why the first one was not asked. */
  exhausted(): SandboxError {
    const error = this.#failed ?? this.#skipped;
    if (error === undefined) throw new SandboxError('INTERNAL', 'A call had no provider to go to.');
    return this.onError(error);
  }

  /** The same error with the way that the call took. Where calls cannot go elsewhere there is no way to tell of, and the error is what it was. */
  onError<Thrown>(error: Thrown): Thrown | SandboxError {
    if (!this.#hasFallback || !SandboxError.isInstance(error)) return error;
    return withRoute(error, this.#route(this.#steps));
  }

  #add(givenId: string, outcome: 'failed' | 'skipped', { code, message }: SandboxError): void {
    // The provider row may hold a secret that was pasted there by mistake.
    const providerId = looksLikeId(givenId) ? givenId : '(no id)';
    this.#steps.push({ providerId, outcome, code, reason: message });
  }

  #route(steps: readonly RouteStep[]): CallRoute {
    return { configurationVersion: this.#configurationVersion, steps: [...steps] };
  }
}

function withRoute(error: SandboxError, { configurationVersion, steps }: CallRoute): SandboxError {
  const { code, message, suggestion, providerId, operation, details, retryAfterMs } = error;
  const route: JsonObject = { configurationVersion, steps: steps.map((step) => ({ ...step })) };
  return new SandboxError(code, message, {
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(providerId === undefined ? {} : { providerId }),
    ...(operation === undefined ? {} : { operation }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    details: { ...details, route },
    cause: error,
  });
}
