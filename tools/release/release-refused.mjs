// @ts-check

/** Nothing is released like this. */
export class ReleaseRefused extends Error {
  /** @param {readonly string[]} problems each one sentence, with its remedy */
  constructor(problems) {
    super(problems.join('\n'));
    this.name = 'ReleaseRefused';
    this.problems = problems;
  }
}
