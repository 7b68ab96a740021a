"""Ends a Python process as the interpreter does at the end of a script, but for the tearing down of its memory.

The kernel takes the memory back in one step; the interpreter visits each object, which in a process that was forked from a warm
supervisor copies page after page and costs more than a short program itself. What a program can rely on happens here: threads are
awaited, exit handlers run, open files are written out.
"""

import atexit
import gc
import io
import os
import sys


def end(exit_argument):
    """Never returns. The argument is that of SystemExit: None, a number, or something to print."""
    code = _exit_code(exit_argument)
    threading = sys.modules.get('threading')
    try:
        if threading is not None:
            threading._shutdown()
        atexit._run_exitfuncs()
    finally:
        _write_out()
        os._exit(code)


def _exit_code(exit_argument):
    if exit_argument is None:
        return 0
    if isinstance(exit_argument, int):
        return exit_argument & 0xFF
    try:
        print(exit_argument, file=sys.stderr)
    except Exception:
        # Replaced or closed by the program. As the interpreter does, go on without.
        return 1
    return 1


def _write_out():
    streams = [sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__]
    streams += [thing for thing in gc.get_objects() if isinstance(thing, io.IOBase)]
    # Text goes into its buffer before the buffer goes out.
    streams.sort(key=lambda stream: not isinstance(stream, io.TextIOBase))
    for stream in streams:
        try:
            stream.flush()
        except Exception:
            # Closed already, or its reader is gone; nobody is left to hear of it.
            continue
