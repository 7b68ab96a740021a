"""Starts and ends the processes of one sandbox.

Orders come as lines of JSON on standard input, events go as lines of JSON to standard output. When the input ends, for whatever
reason, everything that was ever started below this process is killed and the sandbox's folder is removed.
"""

import base64
import ctypes
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
MS_BIND_RECURSIVE = 4096 | 16384
MNT_DETACH = 2
CHUNK_BYTES = 65536
# What a kernel wrote before its report is in the pipe already; what others go on writing must not hold the report up for ever.
MAX_DRAIN_BYTES = 1024 * 1024
MOUNT_POINTS = ("/home", "/tmp")


class Mounts:
    """Makes /home/user and /tmp the sandbox's own, in a mount namespace that nobody else is in."""

    def __init__(self, root, kept):
        self.libc = ctypes.CDLL(None, use_errno=True)
        if any(path == "/home/user" or path.startswith("/home/user/") for path in kept):
            raise OSError("an interpreter lives in /home/user")
        self.mount_below("/home", os.path.join(root, "home"), kept)
        self.mount_below("/tmp", os.path.join(root, "tmp"), kept)

    def mount_below(self, target, folder, kept):
        prefix = target + "/"
        # Interpreters that live there stay visible: held open, for the mount hides them.
        names = {path[len(prefix) :].split("/")[0] for path in kept if path.startswith(prefix)}
        held = {name: os.open(prefix + name, os.O_PATH) for name in names}
        self.bind(folder, target)
        for name, descriptor in held.items():
            os.makedirs(prefix + name, exist_ok=True)
            self.bind("/proc/self/fd/%d" % descriptor, prefix + name)
            os.close(descriptor)

    def bind(self, source, target):
        if self.libc.mount(source.encode(), target.encode(), None, MS_BIND_RECURSIVE, None) != 0:
            raise OSError(ctypes.get_errno(), "mount of " + target)

    def undo(self):
        for target in MOUNT_POINTS:
            self.libc.umount2(target.encode(), MNT_DETACH)


class Supervisor:
    def __init__(self, config):
        self.root = config["root"]
        self.own_processes = config["namespaces"]
        self.mounts = Mounts(self.root, config["kept"]) if config["namespaces"] else None
        self.selector = selectors.DefaultSelector()
        self.processes = {}
        self.ids_of_pids = {}
        self.input = b""
        self.running = True
        if sys.platform == "linux":
            # Whatever loses its parent becomes a child of this process, and can be found.
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
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

    def read_orders(self, descriptor):
        data = os.read(descriptor, CHUNK_BYTES)
        if not data:
            self.running = False
            return
        *lines, self.input = (self.input + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            getattr(self, "order_" + order["order"])(order)

    def order_start(self, order):
        process_id = order["id"]
        channel = []
        inherited = ()
        argv = order["argv"]
        if order["channel"]:
            orders_reader, orders_writer = os.pipe()
            reports_reader, reports_writer = os.pipe()
            channel = [orders_writer, reports_reader]
            inherited = (orders_reader, reports_writer)
            argv = argv + [str(orders_reader), str(reports_writer)]
        try:
            child = subprocess.Popen(
                argv,
                cwd=order["cwd"],
                env=order["env"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=inherited,
                start_new_session=True,
            )
        except OSError as error:
            for descriptor in (*inherited, *channel):
                os.close(descriptor)
            self.emit("failed", id=process_id, message=str(error))
            return
        for descriptor in inherited:
            os.close(descriptor)
        streams = {child.stdout.fileno(): "stdout", child.stderr.fileno(): "stderr"}
        process = {"child": child, "streams": streams, "exited": False, "orders": None, "reports": None, "line": b""}
        self.processes[process_id] = process
        self.ids_of_pids[child.pid] = process_id
        for descriptor in streams:
            os.set_blocking(descriptor, False)
            self.selector.register(descriptor, selectors.EVENT_READ, lambda fd: self.forward(process_id, fd))
        if channel:
            process["orders"], process["reports"] = channel
            os.set_blocking(process["reports"], False)
            self.selector.register(process["reports"], selectors.EVENT_READ, lambda fd: self.report(process_id))
        self.emit("started", id=process_id, pid=child.pid)

    def order_send(self, order):
        process = self.processes.get(order["id"])
        if process is None or process["orders"] is None:
            return
        data = (order["line"] + "\n").encode()
        try:
            while data:
                data = data[os.write(process["orders"], data) :]
        except BrokenPipeError:
            pass  # Its end is reported when it is reaped.

    def order_kill(self, order):
        process = self.processes.get(order["id"])
        if process is None or process["exited"]:
            return
        try:
            os.killpg(process["child"].pid, getattr(signal, order["signal"]))
        except ProcessLookupError:
            pass  # It ended by itself.

    def order_signal_all(self, order):
        self.signal_all(getattr(signal, order["signal"]))

    def forward(self, process_id, descriptor):
        """Passes one chunk on; gives how many bytes there were, or nothing when there are none now."""
        process = self.processes[process_id]
        try:
            data = os.read(descriptor, CHUNK_BYTES)
        except BlockingIOError:
            return 0
        if not data:
            self.selector.unregister(descriptor)
            stream = process["streams"].pop(descriptor)
            getattr(process["child"], stream).close()
            self.forget(process_id)
            return 0
        # What a background process writes after its command has ended has no answer to be in.
        if not process["exited"]:
            self.emit("output", id=process_id, stream=process["streams"][descriptor], data=base64.b64encode(data).decode())
        return len(data)

    def drain(self, process_id):
        for descriptor in list(self.processes[process_id]["streams"]):
            drained = 0
            while drained < MAX_DRAIN_BYTES:
                count = self.forward(process_id, descriptor)
                if count == 0:
                    break
                drained += count

    def report(self, process_id):
        process = self.processes[process_id]
        try:
            data = os.read(process["reports"], CHUNK_BYTES)
        except BlockingIOError:
            return
        if not data:
            self.close_channel(process)
            return
        *lines, process["line"] = (process["line"] + data).split(b"\n")
        for line in lines:
            self.drain(process_id)
            self.emit("report", id=process_id, line=line.decode())

    def close_channel(self, process):
        if process["reports"] is not None:
            self.selector.unregister(process["reports"])
            os.close(process["reports"])
            os.close(process["orders"])
            process["reports"] = process["orders"] = None

    def reap(self, descriptor=None):
        if descriptor is not None:
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
            process_id = self.ids_of_pids.pop(pid, None)
            if process_id is not None:
                self.finish(process_id, status)

    def finish(self, process_id, status):
        process = self.processes[process_id]
        # Its last report may still be on the way.
        if process["reports"] is not None:
            self.report(process_id)
        self.drain(process_id)
        self.close_channel(process)
        code = os.waitstatus_to_exitcode(status)
        process["child"].returncode = code
        process["exited"] = True
        self.emit("exited", id=process_id, exitCode=code if code >= 0 else None, signal=signal.Signals(-code).name if code < 0 else None)
        self.forget(process_id)

    def forget(self, process_id):
        process = self.processes[process_id]
        if process["exited"] and not process["streams"]:
            del self.processes[process_id]

    def descendants(self):
        """Every process below this one, wherever it hid: by the parents that the kernel knows."""
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

    def signal_all(self, number):
        if self.own_processes:
            targets = [-1]
        else:
            targets = sorted(self.descendants())
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
        if self.mounts is not None:
            self.mounts.undo()
            with open("/proc/self/mountinfo", encoding="utf-8") as mounted:
                # Never remove through a mount: behind it are files of the host.
                if any(" %s " % point in mounted.read() for point in MOUNT_POINTS if self.root.startswith(point + "/")):
                    return
        shutil.rmtree(self.root, ignore_errors=True)


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
