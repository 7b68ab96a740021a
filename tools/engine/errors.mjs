// @ts-check

/** No Docker engine can be had here. `remedy` tells the reader what to do about it. */
export class EngineUnavailableError extends Error {
  /**
   * @param {string} problem what is wrong
   * @param {string} remedy what to install or change, in one or two sentences
   * @param {{ cause?: unknown }} [options]
   */
  constructor(problem, remedy, options) {
    super(`${problem}\n${remedy}`, options);
    this.name = 'EngineUnavailableError';
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** Something took longer than it was given. */
export class DeadlineError extends Error {
  /**
   * @param {string} what
   * @param {number} timeoutMs
   */
  constructor(what, timeoutMs) {
    super(`${what} did not finish within ${timeoutMs} ms`);
    this.name = 'DeadlineError';
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {unknown} error
 * @returns {string | undefined} the system's error code, such as `ENOENT`
 */
export function codeOf(error) {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
