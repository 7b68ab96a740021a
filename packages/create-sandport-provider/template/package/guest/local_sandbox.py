"""A sandbox of the stand-in for a service: runs Python programs for its maker, and when its input ends it ends with everything that they left.

In comes a line for each program, `<number> <program in base64>`; out goes `<number> <exit code> <output in base64>`. Several run at a time.
"""

import binascii
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

_PR_SET_CHILD_SUBREAPER = 36
_LOADER = 'import sys;exec(compile(sys.stdin.buffer.read(),"program","exec"))'
_PAUSE_SECONDS = 0.002


def main():
    # Whatever loses its parent below this process becomes its child, and can be found.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    lock = threading.Lock()
    for line in sys.stdin.buffer:
        number, program = line.split()
        threading.Thread(target=run, args=(number, binascii.a2b_base64(program), lock), daemon=True).start()
    # What is ended from now on has no outcome to be told.
    lock.acquire()
    end_descendants()
    os._exit(0)


def run(number, program, lock):
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", _LOADER], input=program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    with lock:
        sys.stdout.buffer.write(b"%s %d %s\n" % (number, ended.returncode, binascii.b2a_base64(ended.stdout, newline=False) or b"="))
        sys.stdout.buffer.flush()


def end_descendants():
    """Again in each round: a process that was being born during one is seen in the next."""
    while True:
        found = descendants()
        collect()
        if not found:
            return
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                # It ended between the two looks.
                continue
        time.sleep(_PAUSE_SECONDS)


def collect():
    """What has ended would wait for whoever takes our place as its parent, and that may be nobody."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            continue
    except ChildProcessError:
        return


def descendants():
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            state, parent = facts_of(name)
            # What has ended only waits for its parent.
            if state not in ("Z", "X"):
                children.setdefault(parent, []).append(int(name))
    found, pending = [], [os.getpid()]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += below
    return found


def facts_of(name):
    try:
        with open("/proc/%s/stat" % name, encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        # It ended while the list was read.
        return "X", 0
    return fields[0], int(fields[1])


main()
