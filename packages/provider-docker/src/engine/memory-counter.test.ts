import { describe, expect, it } from 'vitest';
import { memoryCounters } from './memory-counter.ts';

describe('memoryCounters', () => {
  it('finds the counter of version 1 among the controllers', () => {
    expect(memoryCounters('9:name=systemd:/docker/abc\n4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n')).toEqual([
      { source: 'cgroup-v1-oom-kill', path: '/sys/fs/cgroup/memory/docker/abc/memory.oom_control' },
    ]);
  });

  it('finds the counter of version 2', () => {
    expect(memoryCounters('0::/system.slice/docker-abc.scope\n')).toEqual([
      { source: 'cgroup-v2-oom-kill', path: '/sys/fs/cgroup/system.slice/docker-abc.scope/memory.events' },
    ]);
  });

  it('takes both where both are mounted, in the order of the file', () => {
    expect(memoryCounters('4:memory:/a\n0::/b\n').map(({ source }) => source)).toEqual(['cgroup-v1-oom-kill', 'cgroup-v2-oom-kill']);
  });

  it.each(['', 'nonsense', '4:memory:/../../other', '0::/../other/x', '3:pids:/docker/abc'])('takes nothing from %j', (text) => {
    expect(memoryCounters(text)).toEqual([]);
  });
});
