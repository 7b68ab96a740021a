import type { BreakerState } from '@sandport/core';

/** A sandbox was handed out. */
export interface ClaimObservation {
  readonly profile: string;
  readonly tenant: string;
  /** Waiting for room, in milliseconds. */
  readonly queueMs: number;
  /** Obtaining or making it, in milliseconds. */
  readonly claimMs: number;
  /** Whether it had been ready before it was asked for. */
  readonly hit: boolean;
}

/** A claim ended without a sandbox. */
export interface RefusalObservation {
  readonly profile: string;
  readonly tenant: string;
  /** What the claim was told, in most cases a SandboxError. */
  readonly error: unknown;
  readonly waitedMs: number;
}

/** Receives what happens in a pool, for metrics. A callback must neither throw nor block. */
export interface PoolObserver {
  claimed?(claim: ClaimObservation): void;
  refused?(refusal: RefusalObservation): void;
  created?(creation: { readonly profile: string; readonly durationMs: number }): void;
  createFailed?(creation: { readonly profile: string; readonly durationMs: number; readonly error: unknown }): void;
  /** An unused one ended by itself. */
  died?(death: { readonly profile: string }): void;
  breakerChanged?(change: { readonly profile: string; readonly state: BreakerState; readonly reason: unknown }): void;
}
