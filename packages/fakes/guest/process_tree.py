"""Every process below this one, wherever it hid."""

import ctypes
import os
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Whatever loses its parent becomes a child of this process, and can be found. Only Linux can do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def list_descendants():
    """The processes below this one, by the parents that the kernel knows."""
    if sys.platform == "linux":
        pairs = list(read_parents())
    else:
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    found = {os.getpid()}
    while True:
        more = {pid for pid, parent in pairs if parent in found} - found
        if not more:
            return found - {os.getpid()}
        found |= more


def read_parents():
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name, encoding="utf-8", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It ended while the list was read.
        yield int(name), int(fields[1])
