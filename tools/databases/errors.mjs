// @ts-check

/** The databases for the tests cannot be had here. `remedy` tells the reader what to do about it. */
export class DatabasesUnavailableError extends Error {
  /**
   * @param {string} problem what is wrong
   * @param {string} remedy what to install or change, in one or two sentences
   */
  constructor(problem, remedy) {
    super(`${problem}\n${remedy}`);
    this.name = 'DatabasesUnavailableError';
    this.problem = problem;
    this.remedy = remedy;
  }
}
