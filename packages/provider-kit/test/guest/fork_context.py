"""Stands in for a supervisor that keeps a warm Python: forks, and lets the child become a context."""

import contextlib
import ctypes
import gc
import os
import signal
import sys

sys.path.insert(0, sys.argv[1])

import python_context  # noqa: E402
import python_exit  # noqa: E402

pid = None


def pass_on(number, frame):
    """The tests know this process and mean its child, which is not ready before there is one and may be over already."""
    del frame
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


gc.freeze()
signal.signal(signal.SIGINT, pass_on)
pid = os.fork()
if pid == 0:
    # PR_SET_PDEATHSIG: a test that fails leaves nothing behind.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    try:
        python_context.serve(3, 4)
    except SystemExit as ending:
        python_exit.end(ending.code)
os.closerange(3, 5)
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
if code < 0:
    os.kill(os.getpid(), -code)
os._exit(code)
