"""Counts the processes that the kernel killed in this container's memory cgroup for lack of memory."""

_COUNTERS = (
    ("cgroup-v2-oom-kill", "/sys/fs/cgroup/memory.events"),
    ("cgroup-v1-oom-kill", "/sys/fs/cgroup/memory/memory.oom_control"),
)


def read_oom_kills():
    """Returns {"source", "kills"} or None where the container shows no such counter (gVisor)."""
    for source, path in _COUNTERS:
        kills = _read_counter(path)
        if kills is not None:
            return {"source": source, "kills": kills}
    return None


def _read_counter(path):
    try:
        with open(path, encoding="ascii") as lines:
            for line in lines:
                name, _, value = line.partition(" ")
                if name == "oom_kill":
                    return int(value)
    except (OSError, ValueError):
        return None
    return None
