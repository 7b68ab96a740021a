import type { InstanceEnd, InstanceWitness } from '../sandbox/supervised-instance.ts';

/** How long a verdict waits for the service's word. */
const WITNESS_TIMEOUT_MS = 5000;

/** What a service says of a sandbox whose connection is over. */
export class ServiceWitness implements InstanceWitness {
  readonly #isThere: (signal: AbortSignal) => Promise<boolean>;

  /** @param isThere Whether the service still has the sandbox, by the one part of it that knows. */
  constructor(isThere: (signal: AbortSignal) => Promise<boolean>) {
    this.#isThere = isThere;
  }

  /** Why it ended a service does not tell. */
  async endOf(): Promise<InstanceEnd | null> {
    const [there] = await Promise.allSettled([this.#isThere(AbortSignal.timeout(WITNESS_TIMEOUT_MS))]);
    if (there.status === 'rejected' || there.value) return null;
    return { evidence: { kind: 'sandbox-end', observer: 'engine', exitCode: null }, outOfMemory: null };
  }
}
