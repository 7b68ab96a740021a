"""Stands in for a supervisor that keeps a warm Python: forks, and lets the child become the program."""

import gc
import os
import sys

sys.path.insert(0, sys.argv[1])

import python_exit  # noqa: E402
import python_runner  # noqa: E402

gc.freeze()
pid = os.fork()
if pid == 0:
    try:
        python_runner.run(3, 4)
    except SystemExit as ending:
        python_exit.end(ending.code)
os.closerange(3, 5)
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
if code < 0:
    os.kill(os.getpid(), -code)
os._exit(code)
