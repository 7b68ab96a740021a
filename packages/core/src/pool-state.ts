/** How many sandboxes a pool has, and how many callers wait for one. */
export interface PoolState {
  /** Ready, and used by nobody. */
  readonly idle: number;
  readonly busy: number;
  /** Being made. */
  readonly starting: number;
  /** Calls that wait for one. */
  readonly waiting: number;
}
