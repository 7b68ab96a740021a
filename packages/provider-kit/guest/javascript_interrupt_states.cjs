'use strict';
// What the main thread of a context and the thread that takes its interrupts tell each other through shared memory.

module.exports = {
  /** Places. */
  STATE: 0,
  ANSWER: 1,
  /** The number of the cell that has begun last, which is that of its job. */
  CELL: 2,
  PLACES: 3,
  /** No cell runs. */
  IDLE: 0,
  /** A cell runs below a call of the inspector, where breaking off is safe. */
  SYNCHRONOUS: 1,
  /** A cell awaits something, or runs after it did. */
  ASYNCHRONOUS: 2,
  /** The request to break off is being sent, and has been sent. */
  BREAKING: 3,
  BROKEN: 4,
  /** Processor time that a cell that awaits may go on to spend on something else before that is broken off. On a busy machine it is no measure how late it is. */
  YIELD_PROCESSOR_MS: 100,
  /** For how long, when it spends none. */
  YIELD_MS: 2_000,
  YIELD_LOOK_MS: 20,
};
