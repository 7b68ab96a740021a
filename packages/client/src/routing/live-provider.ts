import { CircuitBreaker, type Sandbox, type SandboxProvider } from '@sandport/core';
import type { OpenedProvider } from '../configuration/stored-provider.ts';

/** A provider object that exists, with those who need it. */
export class LiveProvider {
  readonly key: string;
  readonly id: string;
  readonly digest: string;
  readonly provider: SandboxProvider;
  /** Of this provider with this configuration: another configuration may do what this one cannot. */
  readonly breaker = new CircuitBreaker();
  readonly running = new Set<Promise<unknown>>();
  /** Sandboxes that callers keep. */
  readonly kept = new Set<Sandbox>();
  closing: Promise<void> | undefined;

  constructor(opened: OpenedProvider) {
    this.id = opened.id;
    this.digest = opened.digest;
    this.key = providerKey(opened);
    this.provider = opened.create();
  }

  get isUsed(): boolean {
    return this.running.size > 0 || this.kept.size > 0;
  }
}

/** What tells a provider object from others: its id and its configuration. */
export function providerKey({ id, digest }: Pick<OpenedProvider, 'id' | 'digest'>): string {
  return `${id} ${digest}`;
}
