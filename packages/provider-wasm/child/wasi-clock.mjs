// @ts-check
import { CLOCK, ERRNO, refuse } from './wasi-constants.mjs';

/** Nanoseconds of a clock. @param {number} clock */
export function timeOf(clock) {
  switch (clock) {
    case CLOCK.realtime:
      return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
    case CLOCK.monotonic:
      return process.hrtime.bigint();
    case CLOCK.processTime:
    case CLOCK.threadTime: {
      const { user, system } = process.cpuUsage();
      return BigInt(user + system) * 1_000n;
    }
    default:
      return refuse(ERRNO.invalid);
  }
}
