"""The parent of all Python programs: a process that has imported what programs need and forks whenever a runner is wanted.

It is a process of its own, so that no program inherits the supervisor's memory, and so that the supervisor stays small. It runs as root with the
supervisor's few rights, reads nothing but the supervisor's orders, and no program can signal or trace it.
"""

import gc
import importlib
import json
import os
import socket
import traceback

import runner_channels
import runner_process

_MAX_ORDER_BYTES = 4096
# Real user of this process. A signal that the supervisor sends as a program's user, being root underneath, would otherwise reach it.
_OWN_USER = 64000


class Zygote:
    """The supervisor's side."""

    def __init__(self, preload):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            _serve(theirs, preload)
        theirs.close()
        self._socket = ours

    def wait_until_ready(self, seconds):
        """What was imported, as the kit's preloading reports it."""
        self._socket.settimeout(seconds)
        return json.loads(self._receive())

    def start(self, user, is_context, processes):
        """Starts a Python runner and returns when it has been born, not when it is ready."""
        ours, theirs = runner_channels.open_pipes()
        order = json.dumps({"user": user, "isContext": is_context, "processes": processes}).encode("ascii")
        socket.send_fds(self._socket, [order], theirs)
        for fd in theirs:
            os.close(fd)
        return runner_channels.RunnerProcess(user, ours, int(self._receive()))

    def _receive(self):
        answer = self._socket.recv(_MAX_ORDER_BYTES * 16)
        if not answer:
            raise RuntimeError("the parent of the programs has ended")
        return answer


def _serve(orders, preload):
    """Returns only in a runner whose program was interrupted: as an exception, for the interpreter to act on."""
    try:
        # Modules may leave caches behind; what they do they do as a program would.
        os.environ.clear()
        os.environ.update(runner_process.ENVIRONMENT)
        with runner_process.as_user():
            report = _prepare(preload)
        os.setresuid(_OWN_USER, 0, _OWN_USER)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    orders.send(json.dumps(report).encode("utf-8")[: _MAX_ORDER_BYTES * 16])
    while True:
        order, fds, _, _ = socket.recv_fds(orders, _MAX_ORDER_BYTES, 8)
        if not order:
            os._exit(0)
        orders.send(b"%d" % _fork_runner(json.loads(order), fds))
        for fd in fds:
            os.close(fd)


def _prepare(preload):
    # A program with an async main would otherwise wait for it; a forked child has it for nothing.
    for name in ("asyncio", "python_runner", "python_context", "python_exit"):
        importlib.import_module(name)
    report = importlib.import_module("python_preload").preload(preload)
    # What is there before the program is not the program's garbage; leaving it alone also leaves its memory shared.
    gc.collect()
    gc.freeze()
    return report


def _fork_runner(order, fds):
    """Forks twice, so that the runner becomes a child of the supervisor, which then sees its end itself."""
    read_end, write_end = os.pipe()
    between = os.fork()
    if between == 0:
        pid = os.fork()
        if pid == 0:
            os.close(read_end)
            os.close(write_end)
            _become_runner(order, fds)
        os.write(write_end, b"%d" % pid)
        os._exit(0)
    os.close(write_end)
    os.waitpid(between, 0)
    pid = int(os.read(read_end, 32))
    os.close(read_end)
    return pid


def _become_runner(order, fds):
    """Never returns, except by the KeyboardInterrupt of a program, which ends the process as it ends any script."""
    import python_context
    import python_exit
    import python_preload
    import python_runner

    runner_process.become_user(order["user"], order["processes"], fds)
    try:
        python_preload.after_fork()
        serve = python_context.serve if order["isContext"] else python_runner.run
        serve(runner_channels.JOB_FD, runner_channels.REPORT_FD)
    except SystemExit as ending:
        python_exit.end(ending.code)
