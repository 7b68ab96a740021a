// @ts-check
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EngineUnavailableError, messageOf } from './errors.mjs';
import { mount, readMounts } from './mounts.mjs';

export const cgroupRoot = '/sys/fs/cgroup';

/** Without these no container starts, or no memory limit holds. */
const neededControllers = ['memory', 'devices'];

const remedy =
  'Mount the control groups (on Debian the package cgroupfs-mount does it), or run this in a virtual machine or a ' +
  'privileged container.';

/**
 * @typedef {{ mountPoint: string, args: string[] }} MountStep
 * @typedef {{ state: 'mounted' } | { state: 'absent', steps: MountStep[] } | { state: 'unsupported' }} CgroupPlan
 */

/**
 * What has to be mounted on a machine that no service manager has set up.
 *
 * @param {object} facts
 * @param {readonly import('./mounts.mjs').Mount[]} facts.mounts
 * @param {string} facts.procCgroups the content of /proc/cgroups
 * @param {string} facts.procFilesystems the content of /proc/filesystems
 * @returns {CgroupPlan}
 */
export function planCgroups({ mounts, procCgroups, procFilesystems }) {
  const atRoot = mounts.findLast(({ mountPoint }) => mountPoint === cgroupRoot);
  if (atRoot?.fileSystem === 'cgroup2') return { state: 'mounted' };
  const legacy = mounts.filter(({ fileSystem }) => fileSystem === 'cgroup').flatMap(({ superOptions }) => superOptions);
  if (neededControllers.every((controller) => legacy.includes(controller))) return { state: 'mounted' };

  const available = enabledControllers(procCgroups).filter((controller) => !legacy.includes(controller));
  if (neededControllers.every((controller) => legacy.includes(controller) || available.includes(controller))) {
    /** @type {MountStep[]} */
    const steps = atRoot === undefined ? [{ mountPoint: cgroupRoot, args: ['-t', 'tmpfs', '-o', 'mode=0755', 'cgroup'] }] : [];
    for (const controller of available) {
      steps.push({ mountPoint: path.join(cgroupRoot, controller), args: ['-t', 'cgroup', '-o', controller, 'cgroup'] });
    }
    return { state: 'absent', steps };
  }
  if (/\bcgroup2$/m.test(procFilesystems) && atRoot === undefined) {
    return { state: 'absent', steps: [{ mountPoint: cgroupRoot, args: ['-t', 'cgroup2', 'cgroup2'] }] };
  }
  return { state: 'unsupported' };
}

/**
 * @param {string} procCgroups
 * @returns {string[]}
 */
function enabledControllers(procCgroups) {
  return procCgroups
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/))
    .filter(([, , , enabled]) => enabled === '1')
    .map(([name = '']) => name);
}

/**
 * Mounts the control group file systems where nobody has. They stay until the machine stops: they belong to the kernel,
 * and another engine may have begun to use them meanwhile.
 *
 * @param {{ log: (line: string) => void }} options
 */
export async function ensureCgroups({ log }) {
  const [mounts, procCgroups, procFilesystems] = await Promise.all([
    readMounts(),
    readFile('/proc/cgroups', 'utf8'),
    readFile('/proc/filesystems', 'utf8'),
  ]);
  const plan = planCgroups({ mounts, procCgroups, procFilesystems });
  if (plan.state === 'mounted') return;
  if (plan.state === 'unsupported') {
    throw new EngineUnavailableError('This kernel offers no control groups that containers could use.', remedy);
  }
  log(`mounting the control groups at ${cgroupRoot}`);
  try {
    for (const { mountPoint, args } of plan.steps) {
      await mkdir(mountPoint, { recursive: true });
      await mount([...args, mountPoint]);
    }
  } catch (error) {
    throw new EngineUnavailableError(`The control groups cannot be mounted: ${messageOf(error)}`, remedy, { cause: error });
  }
}
