// @ts-check
import { parseArgs } from 'node:util';

/** As the file that runs them names them. */
export const SCENARIOS = [
  'output-flood',
  'output-lines',
  'burst',
  'two-tenants',
  'socket-cut',
  'socket-stalled',
  'containers-removed',
  'engine-killed',
  'processes-killed',
  'calls-in-a-row',
  'calls-at-a-time',
];

const ISOLATIONS = ['runc', 'gvisor'];

export const usage = `pnpm soak [options]

Runs the fault scenarios of provider-docker for long and prints their figures: the engine killed, its socket cut, containers
removed, processes killed, thousands of calls, bursts, floods of output. It prepares what it needs (builds, a Docker engine
with gVisor, base images) and ends what it started. Its exit code is 1 when a promise was broken.

Options:
  --only NAME        one scenario; may be given more than once
  --isolation NAME   runc or gvisor; may be given more than once (default: both)
  --scale NUMBER     makes every number of rounds and calls larger or smaller (default: 1, which takes most of an hour)
  --as-is            takes packages and images as they are, and builds nothing
  --json             prints the figures as JSON; what happens meanwhile is on the error stream
  --help             show this text

Scenarios:
  ${SCENARIOS.join('\n  ')}

Examples:
  pnpm soak
  pnpm soak --scale 0.05
  pnpm soak --only socket-cut --isolation gvisor --json
`;

/**
 * @typedef {{ action: 'help' } | { action: 'misuse', problem: string } | { action: 'run', asIs: boolean, args: string[] }} CommandLine
 */

/**
 * @param {readonly string[]} args
 * @returns {CommandLine} with the arguments for what runs the scenarios
 */
export function parseCommandLine(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true, default: SCENARIOS },
        isolation: { type: 'string', multiple: true, default: ISOLATIONS },
        scale: { type: 'string', default: '1' },
        'as-is': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return { action: 'misuse', problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.help) return { action: 'help' };
  const unknown = values.only.find((name) => !SCENARIOS.includes(name)) ?? values.isolation.find((name) => !ISOLATIONS.includes(name));
  if (unknown !== undefined) return { action: 'misuse', problem: `"${unknown}" is not known` };
  if (!(Number(values.scale) > 0)) return { action: 'misuse', problem: `--scale takes a number above 0, not "${values.scale}"` };
  const only = values.only.map((name) => `--only=${name}`);
  const isolation = values.isolation.map((name) => `--isolation=${name}`);
  return {
    action: 'run',
    asIs: values['as-is'],
    args: [...only, ...isolation, `--scale=${values.scale}`, ...(values.json ? ['--json'] : [])],
  };
}
