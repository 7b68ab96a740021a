"""Starts and ends the processes of one sandbox.

Orders come as lines of JSON on standard input, events go as lines of JSON to standard output. When the input ends, for whatever
reason, everything that was ever started below this process is killed and the sandbox's folder is removed.
"""

import base64
import json
import os
import selectors
import shutil
import signal
import time

from process_tree import adopt_orphans, list_descendants
from sandbox_mounts import SandboxMounts
from supervised_process import CHUNK_BYTES, SupervisedProcess


class Supervisor:
    def __init__(self, config):
        self.root = config["root"]
        self.own_processes = config["namespaces"]
        self.mounts = SandboxMounts(self.root, config["kept"]) if config["namespaces"] else None
        self.selector = selectors.DefaultSelector()
        self.processes = {}
        self.processes_of_pids = {}
        self.input = b""
        self.running = True
        adopt_orphans()
        wake_reader, wake_writer = os.pipe()
        os.set_blocking(wake_reader, False)
        os.set_blocking(wake_writer, False)
        signal.set_wakeup_fd(wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(wake_reader, selectors.EVENT_READ, self.reap)
        self.selector.register(0, selectors.EVENT_READ, self.read_orders)

    def emit(self, event, **fields):
        data = (json.dumps({"event": event, **fields}) + "\n").encode()
        while data:
            data = data[os.write(1, data) :]

    def run(self):
        self.emit("ready")
        while self.running:
            for key, _ in self.selector.select():
                # A callback may have closed what another event of the same round is about.
                if key.fd in self.selector.get_map():
                    key.data(key.fd)
            for process in [process for process in self.processes.values() if process.is_over()]:
                del self.processes[process.id]

    def read_orders(self, descriptor):
        data = os.read(descriptor, CHUNK_BYTES)
        if not data:
            self.running = False
            return
        *lines, self.input = (self.input + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if order["order"] == "start":
                self.start(order)
            elif order["order"] == "signal_all":
                self.signal_all(getattr(signal, order["signal"]))
            elif order["id"] in self.processes:
                self.pass_on(self.processes[order["id"]], order)

    def start(self, order):
        try:
            process = SupervisedProcess(order, self.selector, self.emit)
        except OSError as error:
            self.emit("failed", id=order["id"], message=str(error))
            return
        self.processes[process.id] = process
        self.processes_of_pids[process.pid] = process
        self.emit("started", id=process.id, pid=process.pid)

    def pass_on(self, process, order):
        name = order["order"]
        if name == "send":
            process.send(order["line"])
        elif name == "write":
            process.write(base64.b64decode(order["data"]))
        elif name == "close_input":
            process.close_input()
        elif name == "end_at_exit":
            process.end_at_exit()
        elif name == "hold":
            process.hold(order["held"])
        elif name == "kill":
            process.kill(getattr(signal, order["signal"]), order["scope"])

    def reap(self, descriptor):
        try:
            os.read(descriptor, CHUNK_BYTES)
        except BlockingIOError:
            pass
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            process = self.processes_of_pids.pop(pid, None)
            if process is not None:
                process.finish(status)

    def signal_all(self, number):
        targets = [-1] if self.own_processes else sorted(list_descendants())
        for pid in targets:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass  # It ended meanwhile.

    def end(self):
        # New processes may be made while old ones are being killed.
        for _ in range(1000):
            self.signal_all(signal.SIGKILL)
            try:
                while os.waitpid(-1, os.WNOHANG)[0] != 0:
                    pass
            except ChildProcessError:
                break
            time.sleep(0.005)
        # Never remove through a mount.
        if self.mounts is None or self.mounts.undo():
            shutil.rmtree(self.root, ignore_errors=True)


def main():
    # Signals for the whole terminal are for the process that owns the sandbox; that one's end is noticed by the end of the input.
    # Handlers, for what is ignored would be ignored by the programs as well.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    first = b""
    while not first.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            return
        first += byte
    supervisor = Supervisor(json.loads(first))
    os.chdir("/")
    try:
        supervisor.run()
    except BrokenPipeError:
        pass  # Nobody reads any more: the same as the end of the input.
    finally:
        supervisor.end()


main()
