// @ts-check
import { parseArgs } from 'node:util';

export const usage = `npm test -- [options]

Prepares everything a clean clone lacks (dependencies, builds, a Docker engine with gVisor, base images, PostgreSQL,
MariaDB and Chromium), runs the static checks and every test, and ends what it started. The last line says how many tests passed, failed and were skipped.

Options:
  --node MAJOR   repeat tests under this Node major as well, where Node has a part; may be given more than once
  --packaging    also install the packed packages into an empty folder and use them there
  --help         show this text

Examples:
  npm test
  npm test -- --packaging
  npm test -- --node 22 --node 24

With CI=true a missing Docker engine, database or browser is a failure; otherwise the tests that need it are counted as skipped.
`;

/**
 * @typedef {{ action: 'help' } | { action: 'misuse', problem: string } | { action: 'run', nodeMajors: number[], packaging: boolean }} CommandLine
 */

/**
 * @param {readonly string[]} args
 * @returns {CommandLine}
 */
export function parseCommandLine(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        node: { type: 'string', multiple: true, default: [] },
        packaging: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return { action: 'misuse', problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.help) return { action: 'help' };
  const wrong = values.node.find((text) => !/^[1-9]\d$/.test(text));
  if (wrong !== undefined) return { action: 'misuse', problem: `--node takes a major version such as 24, not "${wrong}".` };
  return { action: 'run', nodeMajors: [...new Set(values.node.map(Number))], packaging: values.packaging };
}
