// @ts-check

/** The browser for the tests cannot be had here. `remedy` tells the reader what to do about it. */
export class BrowserUnavailableError extends Error {
  /**
   * @param {string} problem what is wrong
   * @param {string} remedy what to install or change, in one or two sentences
   */
  constructor(problem, remedy) {
    super(`${problem}\n${remedy}`);
    this.name = 'BrowserUnavailableError';
    this.problem = problem;
    this.remedy = remedy;
  }
}
