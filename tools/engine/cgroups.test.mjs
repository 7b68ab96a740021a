// @ts-check
import { describe, expect, it } from 'vitest';
import { planCgroups } from './cgroups.mjs';
import { parseMountInfo } from './mounts.mjs';

const procCgroups = `#subsys_name	hierarchy	num_cgroups	enabled
memory	0	1	1
devices	0	1	1
pids	0	1	1
hugetlb	0	1	0
`;
const procFilesystems = 'nodev\ttmpfs\nnodev\tcgroup\nnodev\tcgroup2\n\text4\n';
const rootMount = '27 1 254:0 / / rw,relatime - ext4 /dev/sda rw\n';

/** @param {{ mountInfo?: string, cgroups?: string, filesystems?: string }} [facts] */
const plan = ({ mountInfo = rootMount, cgroups = procCgroups, filesystems = procFilesystems } = {}) =>
  planCgroups({ mounts: parseMountInfo(mountInfo), procCgroups: cgroups, procFilesystems: filesystems });

describe('planCgroups', () => {
  it('leaves a unified hierarchy alone', () => {
    expect(plan({ mountInfo: `${rootMount}31 27 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n` })).toEqual({ state: 'mounted' });
  });

  it('leaves mounted controllers alone', () => {
    const mountInfo = `${rootMount}31 27 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
32 31 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
33 31 0:30 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices
`;
    expect(plan({ mountInfo })).toEqual({ state: 'mounted' });
  });

  it('mounts every enabled controller where nothing is mounted', () => {
    expect(plan()).toEqual({
      state: 'absent',
      steps: [
        { mountPoint: '/sys/fs/cgroup', args: ['-t', 'tmpfs', '-o', 'mode=0755', 'cgroup'] },
        { mountPoint: '/sys/fs/cgroup/memory', args: ['-t', 'cgroup', '-o', 'memory', 'cgroup'] },
        { mountPoint: '/sys/fs/cgroup/devices', args: ['-t', 'cgroup', '-o', 'devices', 'cgroup'] },
        { mountPoint: '/sys/fs/cgroup/pids', args: ['-t', 'cgroup', '-o', 'pids', 'cgroup'] },
      ],
    });
  });

  it('adds only what a half-mounted tree lacks', () => {
    const mountInfo = `${rootMount}31 27 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
32 31 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
`;
    const result = plan({ mountInfo });
    const mountPoints = result.state === 'absent' ? result.steps.map(({ mountPoint }) => mountPoint) : [];
    expect(mountPoints).toEqual(['/sys/fs/cgroup/devices', '/sys/fs/cgroup/pids']);
  });

  it('mounts the unified hierarchy on kernels without the old controllers', () => {
    expect(plan({ cgroups: '#subsys_name	hierarchy	num_cgroups	enabled\npids	0	1	1\n' })).toEqual({
      state: 'absent',
      steps: [{ mountPoint: '/sys/fs/cgroup', args: ['-t', 'cgroup2', 'cgroup2'] }],
    });
  });

  it('says so when the kernel has neither', () => {
    expect(plan({ cgroups: '', filesystems: 'nodev\ttmpfs\n' })).toEqual({ state: 'unsupported' });
  });
});
