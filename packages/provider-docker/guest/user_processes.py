"""Ends everything that belongs to one user of the container, and takes the dead off the kernel's hands."""

import os
import signal
import time

import runner_process

# More than this, and the container itself is ended: by the host, which waits less long.
_MAX_SECONDS = 10
_PAUSE_SECONDS = 0.001


def end_all(user):
    """Returns {process id: exit status} of our children that ended, when no process of the user is left."""
    statuses = {}
    give_up_at = time.monotonic() + _MAX_SECONDS
    while True:
        # Again in each round: a process that was being born while the signal went round is caught by the next one.
        try:
            # As that user, so that the signal reaches its processes and nobody else's.
            with runner_process.as_user(user):
                os.kill(-1, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # Nobody is left, but those that the user may not signal.
            pass
        statuses.update(reap())
        if not _has_process(user):
            return statuses
        if time.monotonic() > give_up_at:
            raise RuntimeError("processes of the program cannot be ended")
        time.sleep(_PAUSE_SECONDS)


def reap():
    """Collects the children that have ended; orphans of a program become ours as well. Returns [(process id, exit status)]."""
    ended = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.append((pid, status))


def _has_process(user):
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.stat("/proc/" + name).st_uid == user:
                    return True
            except OSError:
                # Gone between the two looks.
                continue
    return False
