"""Ends everything that a program or a context started, wherever it hid.

What loses its parent becomes a child of its context's interpreter, which the kernel takes for the parent of such, and else of the supervisor. So whatever is below the
supervisor and not below an interpreter that is wanted belongs to somebody who has ended.
"""

import os
import signal
import time

_MAX_SECONDS = 10
_PAUSE_SECONDS = 0.001


def end_all(kept):
    """Returns {process id: exit status} of our children that ended, when none is left but those that are kept, and what is below them."""
    statuses = {}
    give_up_at = time.monotonic() + _MAX_SECONDS
    while True:
        # Again in each round: a process that was being born during one is seen in the next.
        found = _find(os.getpid(), kept)
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                # It ended between the two looks.
                continue
        statuses.update(reap())
        if not found:
            return statuses
        if time.monotonic() > give_up_at:
            raise RuntimeError("processes of the program cannot be ended")
        time.sleep(_PAUSE_SECONDS)


def reap():
    """Collects the children that have ended. Returns [(process id, exit status)]."""
    ended = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.append((pid, status))


def _find(root, kept):
    children = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found, pending = set(), [root]
    while pending:
        for pid in children.get(pending.pop(), ()):
            if pid not in found and pid not in kept:
                found.add(pid)
                pending.append(pid)
    return found


def _parents():
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name, encoding="ascii", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            # It ended while the list was read.
            continue
        # What has ended only waits for its parent.
        if len(fields) > 1 and fields[0] not in ("Z", "X"):
            yield int(name), int(fields[1])
