"""Starts Python programs by forking, so that the runner is imported once. One JSON line on stdin per program, one line of words on stdout per event."""

import json
import os
import resource
import select
import signal
import socket
import sys

sys.path.insert(0, sys.argv[1])
socket_path = sys.argv[2]

import python_runner  # noqa: E402  (found through the line above)

ORDERS, EVENTS, WAKEUP_READ, WAKEUP_WRITE = 20, 21, 22, 23
STREAMS = ('stdin', 'stdout', 'stderr', 'job', 'report')


def prepare():
    os.dup2(0, ORDERS, inheritable=False)
    os.dup2(1, EVENTS, inheritable=False)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    reading, writing = os.pipe()
    os.dup2(reading, WAKEUP_READ, inheritable=False)
    os.dup2(writing, WAKEUP_WRITE, inheritable=False)
    os.set_blocking(WAKEUP_WRITE, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(WAKEUP_WRITE)


def tell(*words):
    os.write(EVENTS, ' '.join(map(str, words)).encode() + b'\n')


def serve():
    """Returns in each program; the launcher itself ends with its orders."""
    pending = b''
    while True:
        ready, _, _ = select.select([ORDERS, WAKEUP_READ], [], [])
        if WAKEUP_READ in ready:
            os.read(WAKEUP_READ, 4096)
            reap()
        if ORDERS in ready:
            piece = os.read(ORDERS, 65536)
            if not piece:
                os._exit(0)
            *lines, pending = (pending + piece).split(b'\n')
            for order in map(json.loads, lines):
                pid = os.fork()
                if pid == 0:
                    return order
                tell('started', pid, order['id'])


def reap():
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if os.WIFSIGNALED(status):
            tell('killed', pid, signal.Signals(os.WTERMSIG(status)).name)
        else:
            tell('exited', pid, os.WEXITSTATUS(status))


def become(order):
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(order['folder'])
    os.environ.clear()
    os.environ.update(order['environment'])
    for descriptor, name in enumerate(STREAMS):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(socket_path)
        connection.sendall(f"{order['id']} {name}\n".encode())
        os.dup2(connection.detach(), descriptor)
    os.closerange(len(STREAMS), 64)
    # They remember what the descriptors were before; the runner makes new ones.
    sys.stdin = sys.stdout = sys.stderr = None
    if order['openFiles'] is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (order['openFiles'], order['openFiles']))
    return order['runner']


prepare()
if become(serve()) == 'program':
    python_runner.run(3, 4)
else:
    import python_context

    python_context.serve(3, 4)
