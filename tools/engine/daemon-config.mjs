// @ts-check
import { gvisorRuntimeName } from './find-engine.mjs';

/**
 * @param {import('./engine-settings.mjs').GuardianSettings} settings
 * @param {'overlay2' | 'vfs'} storageDriver
 * @returns {Record<string, unknown>} the content of dockerd's configuration file
 */
export function daemonConfig({ runFolder, dataFolder, socketPath, cgroupParent, runscPath }, storageDriver) {
  return {
    hosts: [`unix://${socketPath}`],
    group: 'root',
    'data-root': `${dataFolder}/docker`,
    'exec-root': `${runFolder}/exec`,
    pidfile: `${runFolder}/docker.pid`,
    'storage-driver': storageDriver,
    // A group of our own tells our containers' processes from everybody else's when it comes to cleaning up.
    'cgroup-parent': `/${cgroupParent}`,
    'exec-opts': ['native.cgroupdriver=cgroupfs'],
    // Containers get no network and builds use the host's: nothing of the machine's firewall and interfaces is touched.
    bridge: 'none',
    iptables: false,
    ip6tables: false,
    'live-restore': false,
    'shutdown-timeout': 5,
    ...(runscPath === null ? {} : { runtimes: { [gvisorRuntimeName]: gvisorRuntime(runscPath) } }),
  };
}

/**
 * - `systrap` is gVisor's platform for machines of every kind. `kvm` needs hardware virtualization, which cloud machines
 *   offer half-heartedly: it may start and then hang.
 * - `--network=none`: gVisor's own network stack wants a network namespace prepared by a bridge, which this engine has
 *   not, and there are kernels on which older releases fail to set it up at all.
 * - `--ignore-cgroups` is left out on purpose: limits on memory and processes must hold under this engine too.
 *
 * @param {string} runscPath
 */
function gvisorRuntime(runscPath) {
  return { path: runscPath, runtimeArgs: ['--platform=systrap', '--network=none'] };
}
