"""One process of a sandbox: what it is given to read, what it writes, and how it ends."""

import base64
import os
import selectors
import signal
import subprocess

CHUNK_BYTES = 65536
# What a kernel wrote before its report is in the pipe already; what others go on writing must not hold the report up for ever.
MAX_DRAIN_BYTES = 1024 * 1024


class SupervisedProcess:
    """Starts what an order says. Fails when that cannot be started."""

    def __init__(self, order, selector, emit):
        self.id = order["id"]
        self.selector = selector
        self.emit = emit
        self.waits_for_outputs = order["end"] == "outputs-closed"
        self.has_exited = False
        self.status = None
        self.is_held = False
        self.input_left = b""
        self.input_is_over = False
        self.orders = self.reports = None
        self.report_line = b""
        inherited = ()
        argv = order["argv"]
        if order["channel"]:
            orders_reader, self.orders = os.pipe()
            self.reports, reports_writer = os.pipe()
            inherited = (orders_reader, reports_writer)
            argv = argv + [str(orders_reader), str(reports_writer)]
        try:
            self.child = subprocess.Popen(
                argv,
                cwd=order["cwd"],
                env=order["env"],
                stdin=subprocess.PIPE if order["input"] else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                pass_fds=inherited,
                start_new_session=True,
            )
        except BaseException:
            for descriptor in (self.orders, self.reports):
                if descriptor is not None:
                    os.close(descriptor)
            raise
        finally:
            for descriptor in inherited:
                os.close(descriptor)
        if self.child.stdin is not None:
            os.set_blocking(self.child.stdin.fileno(), False)
        self.outputs = {self.child.stdout.fileno(): "stdout", self.child.stderr.fileno(): "stderr"}
        for descriptor in self.outputs:
            os.set_blocking(descriptor, False)
            selector.register(descriptor, selectors.EVENT_READ, self.forward)
        if self.reports is not None:
            os.set_blocking(self.reports, False)
            selector.register(self.reports, selectors.EVENT_READ, self.report)

    @property
    def pid(self):
        return self.child.pid

    def is_over(self):
        return self.has_exited and not self.outputs

    def send(self, line):
        if self.orders is None:
            return
        data = (line + "\n").encode()
        try:
            while data:
                data = data[os.write(self.orders, data) :]
        except BrokenPipeError:
            pass  # Its end is reported when it is reaped.

    def write(self, data):
        if self.child.stdin is None or self.input_is_over:
            return
        self.input_left += data
        self.flush()

    def close_input(self):
        self.input_is_over = True
        self.flush()

    def flush(self, descriptor=None):
        """Writes what the process takes now; the rest when it takes more."""
        stdin = self.child.stdin
        if stdin is None:
            return
        try:
            while self.input_left:
                self.input_left = self.input_left[os.write(stdin.fileno(), self.input_left) :]
        except BlockingIOError:
            if descriptor is None and stdin.fileno() not in self.selector.get_map():
                self.selector.register(stdin.fileno(), selectors.EVENT_WRITE, self.flush)
            return
        except BrokenPipeError:
            self.input_left = b""
            self.input_is_over = True  # Nobody reads any more.
        if stdin.fileno() in self.selector.get_map():
            self.selector.unregister(stdin.fileno())
        if self.input_is_over:
            stdin.close()
            self.child.stdin = None

    def kill(self, number, scope):
        if self.status is not None:
            return
        try:
            if scope == "process":
                os.kill(self.pid, number)
            else:
                os.killpg(self.pid, number)
        except ProcessLookupError:
            pass  # It ended by itself.

    def end_at_exit(self):
        """Its end is told when it exits, or now when it has, whoever holds its output."""
        self.waits_for_outputs = False
        if self.status is not None:
            self.report_end()

    def hold(self, is_held):
        """Leaves its output where it is, so that it has to wait; or goes on reading it."""
        if self.is_held == is_held:
            return
        self.is_held = is_held
        for descriptor in self.outputs:
            if is_held:
                self.selector.unregister(descriptor)
            else:
                self.selector.register(descriptor, selectors.EVENT_READ, self.forward)

    def forward(self, descriptor):
        """Passes one chunk on; gives how many bytes there were, or nothing when there are none now."""
        try:
            data = os.read(descriptor, CHUNK_BYTES)
        except BlockingIOError:
            return 0
        if not data:
            if descriptor in self.selector.get_map():
                self.selector.unregister(descriptor)
            getattr(self.child, self.outputs.pop(descriptor)).close()
            if not self.outputs and self.status is not None:
                self.report_end()
            return 0
        # What a background process writes after its command has ended has no answer to be in.
        if not self.has_exited:
            self.emit("output", id=self.id, stream=self.outputs[descriptor], data=base64.b64encode(data).decode())
        return len(data)

    def drain(self):
        for descriptor in list(self.outputs):
            drained = 0
            while drained < MAX_DRAIN_BYTES:
                count = self.forward(descriptor)
                if count == 0:
                    break
                drained += count

    def report(self, _descriptor=None):
        try:
            data = os.read(self.reports, CHUNK_BYTES)
        except BlockingIOError:
            return
        if not data:
            self.close_channel()
            return
        *lines, self.report_line = (self.report_line + data).split(b"\n")
        for line in lines:
            self.drain()
            self.emit("report", id=self.id, line=line.decode())

    def close_channel(self):
        if self.reports is not None:
            self.selector.unregister(self.reports)
            os.close(self.reports)
            os.close(self.orders)
            self.reports = self.orders = None

    def finish(self, status):
        """It was reaped. Its end is told when it has been, or when nobody can write its output any more."""
        # Its last report may still be on the way.
        if self.reports is not None:
            self.report()
        if not self.waits_for_outputs:
            self.drain()
        self.close_channel()
        self.input_left = b""
        self.close_input()
        self.status = self.child.returncode = os.waitstatus_to_exitcode(status)
        if not self.waits_for_outputs or not self.outputs:
            self.report_end()

    def report_end(self):
        if self.has_exited:
            return
        self.has_exited = True
        code = self.status
        self.emit("exited", id=self.id, exitCode=code if code >= 0 else None, signal=signal.Signals(-code).name if code < 0 else None)
