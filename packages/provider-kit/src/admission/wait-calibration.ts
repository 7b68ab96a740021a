import { RecentSamples } from './recent-samples.ts';

const MIN_FACTOR = 1;

/** Also assumed before there is much experience: a busy machine makes everything take longer than it did on the calm one, where the estimate is from. */
const MAX_FACTOR = 3;

/** Waits that make up much experience. */
const EXPERIENCE = 64;

/** Nine of ten waits are to be no longer than foretold. */
const KEPT_SHARE = 0.9;

/** Estimates shorter than this say nothing about the error of longer ones. */
const MIN_ESTIMATE_MS = 100;

/** Learns how much longer waits really are than estimated, so that those who are let in are served in time. */
export class WaitCalibration {
  readonly #ratios = new RecentSamples(EXPERIENCE);
  #count = 0;

  /** What an estimate is to be multiplied with. */
  get factor(): number {
    if (this.#count < EXPERIENCE) return MAX_FACTOR;
    return Math.min(MAX_FACTOR, Math.max(MIN_FACTOR, this.#ratios.quantile(KEPT_SHARE) ?? MAX_FACTOR));
  }

  /** A wait is over. One that was broken off is told with the time after which it might have ended. */
  note(estimateMs: number, actualMs: number): void {
    if (estimateMs < MIN_ESTIMATE_MS || !Number.isFinite(estimateMs)) return;
    this.#count += 1;
    this.#ratios.add(actualMs / estimateMs);
  }
}
