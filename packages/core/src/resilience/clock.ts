import { performance } from 'node:perf_hooks';

/** Milliseconds that only ever grow. What they are counted from does not matter; tests hand in a clock of their own. */
export type Clock = () => number;

/** The clock of this process. Setting the machine's time does not touch it. */
export const monotonicClock: Clock = () => performance.now();
