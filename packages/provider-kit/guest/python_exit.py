"""Ends a Python process as the interpreter does at the end of a script, but for the tearing down of its memory.

The kernel takes the memory back in one step; the interpreter visits each object, which in a process that was forked from a warm
supervisor copies page after page and costs more than a short program itself. What a program can rely on happens here: threads are
awaited, exit handlers run, what the module holds is let go of (so that its finalizers run), open files are written out and closed.
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
        _release_module()
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


def _release_module():
    """Lets go of what the program's module holds, the latest first, since what came later may need what was there before."""
    # Daemon threads do not run on while names vanish under them.
    sys.setswitchinterval(1_000)
    module = sys.modules.pop('__main__', None)
    for name in reversed(list(getattr(module, '__dict__', ()))):
        if name != '__builtins__':
            module.__dict__[name] = None


def _write_out():
    standard = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    streams = [thing for thing in gc.get_objects() if isinstance(thing, io.IOBase) and not any(thing is one for one in standard)]
    # The outer ones first: text goes into its buffer, a gzip file into the file below it, before that is closed.
    streams.sort(key=lambda stream: 0 if isinstance(stream, io.TextIOBase) else 2 if type(stream).__module__ == '_io' else 1)
    for finish in [stream.close for stream in streams] + [getattr(stream, 'flush', None) for stream in standard]:
        try:
            finish()
        except Exception:
            # Closed already, or its reader is gone; nobody is left to hear of it.
            continue
