import type { FaultRule, FaultScript } from '../faults/fault-script.ts';
import type { RagflowOperation, RagflowPlane } from './ragflow-operation.ts';

/** Everything that can go wrong on demand. */
export type RagflowFault =
  /** The work begins only after this time. */
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** No answer ever, not even a head; the connection stays open. The work is done only `after-work`. @default before-work */
  | { readonly kind: 'hang'; readonly when?: 'before-work' | 'after-work' }
  /** The connection is reset: before anything was done, after the work but before the answer, or in the middle of the answer's body. */
  | { readonly kind: 'cut'; readonly when: 'before-work' | 'after-work' | 'in-answer' }
  /** An answer with this status, as a gateway gives it. The work is done only `afterWork`. @default body 'json', afterWork false */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: 'json' | 'html' | 'text' | 'empty';
      readonly retryAfterSeconds?: number;
      readonly afterWork?: boolean;
    }
  /** Status 200 and the page of a gateway that wants its user to log in. The work is not done. */
  | { readonly kind: 'foreign-body' }
  /** The work is done; the answer is 200 with JSON that ends too early. */
  | { readonly kind: 'invalid-json' }
  /** The work is done; these members of its answer are others, and those that are `undefined` are missing. */
  | { readonly kind: 'other-answer'; readonly members: Readonly<Record<string, unknown>> }
  /** No container is free, and none becomes free. Only for `Run`; the work is not done. */
  | { readonly kind: 'pool-busy' }
  /** The caller has used up his calls. Only for `Run`; the work is not done. */
  | { readonly kind: 'rate-limited' }
  /** Docker fails, or the service itself. Only for `Run`; the work is not done. */
  | { readonly kind: 'internal-error' | 'unhandled-exception'; readonly message?: string };

/** A fault of an executor manager, and the requests that meet it. */
export type RagflowFaultRule = FaultRule<RagflowPlane, RagflowOperation, RagflowFault>;

/** The faults that are in force. */
export type RagflowFaultScript = FaultScript<RagflowPlane, RagflowOperation, RagflowFault>;

/** The fault of one kind that a request met, if it did. */
export function findRagflowFault<Kind extends RagflowFault['kind']>(
  faults: readonly RagflowFault[],
  kind: Kind,
): Extract<RagflowFault, { kind: Kind }> | undefined {
  return faults.find((fault): fault is Extract<RagflowFault, { kind: Kind }> => fault.kind === kind);
}
