/** How long each phase of a call took, in milliseconds with fractions. A phase that was not reached is 0. */
export interface PhaseClock {
  /** Waiting for admission. */
  readonly queueMs: number;
  /** Obtaining a sandbox: from the pool, or created for this call. */
  readonly claimMs: number;
  /** Handing over code, files and arguments until the program starts. */
  readonly startMs: number;
  /** The program itself. */
  readonly runMs: number;
  /** Bringing back output, value and artifacts. */
  readonly collectMs: number;
  /** The whole call as the provider saw it. */
  readonly totalMs: number;
}
