// @ts-check
import { parseArgs } from 'node:util';

export const usage = `Usage: npm run release -- [options]

Checks, packs and verifies every package, and says what would be published. Nothing leaves this machine without --publish.

  --publish       publish what is not in the registry yet, in the order of dependencies
  --provenance    with a statement of where it was built; needs a build service that gives identity tokens
  --branch NAME   the branch that releases are made of (default: main)
  --tag NAME      the tag that the versions get in the registry (default: latest)
  --help          this text

Exit codes: 0 it is done, or would be; 1 something is wrong, which is printed; 64 the command line is.
`;

/**
 * What somebody wants.
 *
 * @typedef {object} ReleaseOptions
 * @property {boolean} publish
 * @property {boolean} provenance
 * @property {string} branch
 * @property {string} tag
 * @property {boolean} help
 */

/**
 * @param {readonly string[]} args
 * @returns {ReleaseOptions}
 * @throws TypeError what is not understood
 */
export function parseCommandLine(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      publish: { type: 'boolean', default: false },
      provenance: { type: 'boolean', default: false },
      branch: { type: 'string', default: 'main' },
      tag: { type: 'string', default: 'latest' },
      help: { type: 'boolean', default: false },
    },
  });
  for (const name of /** @type {const} */ (['branch', 'tag'])) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(values[name])) throw new TypeError(`--${name} cannot be "${values[name]}"`);
  }
  return values;
}
