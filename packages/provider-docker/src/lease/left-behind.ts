/** Something of ours in an engine that nobody needs any more. */
export interface LeftBehind {
  readonly kind: 'container' | 'lease';
  readonly id: string;
  readonly name: string;
  /** Why it is taken for left behind, one sentence. */
  readonly reason: string;
  /** `false` when the proof needs a second look: a living owner may just be renewing what somebody has removed. */
  readonly isCertain: boolean;
}
