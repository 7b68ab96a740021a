import type { ExecutionResult, SandboxErrorCode } from '@sandport/core';

/** What became of a call at one provider. */
export interface RouteStep {
  readonly providerId: string;
  /** `used`: it carried the call out. `failed`: it was asked and could not. `skipped`: it was not asked. */
  readonly outcome: 'used' | 'failed' | 'skipped';
  /** Why it was not used. */
  readonly code?: SandboxErrorCode;
  /** The same in one sentence. */
  readonly reason?: string;
}

/** The way that a call took. */
export interface CallRoute {
  /** Number of the recorded version that the call went by; `null` when none was recorded. */
  readonly configurationVersion: number | null;
  /** In order; the last one of a call that was carried out is the one that was `used`. */
  readonly steps: readonly RouteStep[];
}

/** What a program did, and where. */
export type RoutedResult = ExecutionResult & { readonly route: CallRoute };
