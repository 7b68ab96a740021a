"""Sets the limit of processes inside gVisor's own kernel.

The engine's limit counts what the container is on the host; under gVisor these are threads of its kernel, which ends as a whole when it gets
no more of them. The limit within that kernel is what a program meets as an ordinary error.
"""

_LIMIT = "/sys/fs/cgroup/pids/pids.max"

# gVisor counts a process a little after it was let in, so that a burst of them passes the limit by a few (measured: up to 4).
_BURST = 8


def set_limit(processes):
    """Where gVisor shows no such control, the engine's limit alone holds: then a program above it is ended, not refused."""
    try:
        with open(_LIMIT, "w", encoding="ascii") as control:
            control.write(str(max(processes - _BURST, _BURST)))
    except OSError:
        return
