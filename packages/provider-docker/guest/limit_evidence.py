"""What the kernel counted of this container's limits: kills for lack of memory, refused processes, slowed periods; and whether the work folder is full."""

import os

import runner_process

_COUNTERS = {
    "memory": (
        ("cgroup-v2-oom-kill", "/sys/fs/cgroup/memory.events", "oom_kill"),
        ("cgroup-v1-oom-kill", "/sys/fs/cgroup/memory/memory.oom_control", "oom_kill"),
    ),
    "processes": (
        ("cgroup-v2-pids-events", "/sys/fs/cgroup/pids.events", "max"),
        ("cgroup-v1-pids-events", "/sys/fs/cgroup/pids/pids.events", "max"),
    ),
    "cpus": (
        ("cgroup-v2-cpu-stat", "/sys/fs/cgroup/cpu.stat", "nr_throttled"),
        ("cgroup-v1-cpu-stat", "/sys/fs/cgroup/cpu/cpu.stat", "nr_throttled"),
    ),
}


class LimitCounters:
    """The counters that this container shows (gVisor shows none), and what they were after the last run."""

    def __init__(self):
        self._present = {}
        for limit, candidates in _COUNTERS.items():
            for source, path, name in candidates:
                count = _read_counter(path, name)
                if count is not None:
                    self._present[limit] = [source, path, name, count]
                    break

    def take_changes(self):
        """What was counted since the last look: {limit: {"source", "count"}} of the counters that are there."""
        changes = {}
        for limit, entry in self._present.items():
            source, path, name, before = entry
            count = _read_counter(path, name)
            if count is not None:
                changes[limit] = {"source": source, "count": count - before}
                entry[3] = count
        return changes


def is_work_folder_full():
    return os.statvfs(runner_process.WORK_FOLDER).f_bavail == 0


def _read_counter(path, wanted):
    try:
        with open(path, encoding="ascii") as lines:
            for line in lines:
                name, _, value = line.partition(" ")
                if name == wanted:
                    return int(value)
    except (OSError, ValueError):
        return None
    return None
