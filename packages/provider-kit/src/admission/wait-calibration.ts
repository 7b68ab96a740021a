import { RecentSamples } from './recent-samples.ts';

/** What is assumed before there is experience: a busy machine makes everything take twice as long as a calm one. */
const INITIAL_FACTOR = 2;
const MIN_FACTOR = 1;
const MAX_FACTOR = 3;

/** Nine of ten waits are to be no longer than foretold. */
const KEPT_SHARE = 0.9;

/** Estimates shorter than this say nothing about the error of longer ones. */
const MIN_ESTIMATE_MS = 100;

/** Learns how much longer waits really are than estimated, so that those who are let in are served in time. */
export class WaitCalibration {
  readonly #ratios = new RecentSamples(64);

  /** What an estimate is to be multiplied with. */
  get factor(): number {
    return Math.min(MAX_FACTOR, Math.max(MIN_FACTOR, this.#ratios.quantile(KEPT_SHARE) ?? INITIAL_FACTOR));
  }

  /** A wait is over. One that was broken off is told with the time after which it might have ended. */
  note(estimateMs: number, actualMs: number): void {
    if (estimateMs >= MIN_ESTIMATE_MS && Number.isFinite(estimateMs)) this.#ratios.add(actualMs / estimateMs);
  }
}
