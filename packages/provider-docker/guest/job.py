"""Runs the one job of a container: feeds the waiting child, forwards its output, ends everything it started, collects what it left."""

import json
import os
import select
import signal
import struct
import time

import artifact_collector
import child as child_process
import frames
import memory_evidence

ARTIFACT_FOLDER = os.path.join(child_process.WORK_FOLDER, "artifacts")
# A report is a value of at most `valueBytes`, or an error; this much more is framing and error text.
REPORT_SLACK_BYTES = 1024 * 1024


class ChildFailed(Exception):
    """The waiting child ended before it had a job."""


def wait_until_ready(running, seconds):
    """Blocks until the runner has booted."""
    ready, _, _ = select.select([running.report], [], [], seconds)
    if not ready or os.read(running.report, 1) != b"R":
        raise ChildFailed("the runner did not become ready")


def send_file(writer, descriptor, size):
    """Sends exactly `size` bytes: nothing changes the file meanwhile, since no program runs."""
    remaining = size
    while remaining > 0:
        data = os.read(descriptor, min(frames.CHUNK_BYTES, remaining))
        if not data:
            raise frames.ProtocolError("a file became shorter while it was sent")
        writer.send(frames.FILE_DATA, data)
        remaining -= len(data)


class Job:
    def __init__(self, writer, running, payload):
        (header_bytes,) = struct.unpack_from(">I", payload)
        self.limits = json.loads(payload[4 : 4 + header_bytes])
        self.runner_job = memoryview(payload)[4 + header_bytes :]
        self.writer = writer
        self.child = running
        self.sent = {running.stdout: 0, running.stderr: 0}
        self.report_bytes = 0
        self.exceeded = None
        self.exit_status = None

    def run(self):
        oom_before = memory_evidence.read_oom_kills()
        signal_pipe = _wake_on_child_exit()
        started = time.monotonic()
        self._pump(signal_pipe)
        self._kill_everything()
        self._drain()
        run_ms = (time.monotonic() - started) * 1000
        self._send_exit(oom_before, run_ms)
        self._collect()

    def _pump(self, signal_pipe):
        """Moves bytes until the program's main process is over or a stream passes its limit."""
        poller = select.poll()
        os.set_blocking(self.child.job, False)
        for fd in (0, signal_pipe, self.child.stdout, self.child.stderr, self.child.report):
            poller.register(fd, select.POLLIN)
        poller.register(self.child.job, select.POLLOUT)
        self._feed(poller)
        self.writer.send(frames.STARTED)
        self.writer.flush()
        while self.exit_status is None and self.exceeded is None:
            for fd, _ in poller.poll():
                if fd == signal_pipe:
                    os.read(signal_pipe, 4096)
                    self._reap()
                elif fd == 0:
                    _expect_silence()
                elif fd == self.child.job:
                    self._feed(poller)
                elif not self._forward(fd):
                    poller.unregister(fd)
            self.writer.flush()

    def _feed(self, poller):
        try:
            self.runner_job = self.runner_job[os.write(self.child.job, self.runner_job) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self.runner_job = self.runner_job[:0]
        if not self.runner_job:
            poller.unregister(self.child.job)
            os.close(self.child.job)

    def _forward(self, fd):
        """Passes on one piece of output. False at the end of the stream."""
        data = os.read(fd, frames.CHUNK_BYTES)
        if not data:
            return False
        if fd == self.child.report:
            self._forward_report(data)
        else:
            self._forward_output(fd, data)
        return True

    def _forward_report(self, data):
        self.report_bytes += len(data)
        if self.report_bytes <= self.limits["valueBytes"] + REPORT_SLACK_BYTES:
            self.writer.send(frames.REPORT, data)

    def _forward_output(self, fd, data):
        room = self.limits["outputBytes"] - self.sent[fd]
        if len(data) > room and self.exceeded is None:
            self.exceeded = "stdout" if fd == self.child.stdout else "stderr"
        data = data[:room]
        self.sent[fd] += len(data)
        if data:
            self.writer.send(frames.STDOUT if fd == self.child.stdout else frames.STDERR, data)

    def _reap(self):
        """Collects the processes that have ended; orphans of the program come to us as well."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._note_exit(pid, status)

    def _note_exit(self, pid, status):
        if pid == self.child.pid:
            self.exit_status = status

    def _kill_everything(self):
        """Ends every process of the container but this one, and waits until none is left."""
        while True:
            # Again before each wait: a process that was being born while the signal went round is caught by the next one.
            try:
                os.kill(-1, signal.SIGKILL)
            except ProcessLookupError:
                pass
            try:
                pid, status = os.waitpid(-1, 0)
            except ChildProcessError:
                return
            self._note_exit(pid, status)

    def _drain(self):
        """Takes what still lies in the pipes. Every writer is dead, so each of them ends."""
        for fd in (self.child.stdout, self.child.stderr, self.child.report):
            while self._forward(fd):
                pass

    def _send_exit(self, oom_before, run_ms):
        status = self.exit_status
        oom_after = memory_evidence.read_oom_kills()
        self.writer.send_json(
            frames.EXITED,
            {
                "exitCode": os.WEXITSTATUS(status) if status is not None and os.WIFEXITED(status) else None,
                "signal": _signal_name(os.WTERMSIG(status)) if status is not None and os.WIFSIGNALED(status) else None,
                "outputLimit": self.exceeded,
                "outOfMemory": None
                if oom_before is None or oom_after is None
                else {"source": oom_after["source"], "kills": oom_after["kills"] - oom_before["kills"]},
                "runMs": run_ms,
            },
        )

    def _collect(self):
        started = time.monotonic()
        omitted = []
        with child_process.as_user():
            for entry in artifact_collector.collect(ARTIFACT_FOLDER, self.limits):
                if entry[0] == "file":
                    _, path, size, descriptor = entry
                    self.writer.send_json(frames.FILE_START, {"path": path, "sizeBytes": size, "failure": None})
                    send_file(self.writer, descriptor, size)
                else:
                    _, path, reason, size = entry
                    omitted.append({"path": path, "reason": reason, "sizeBytes": size})
        self.writer.send_json(frames.DONE, {"omitted": omitted, "collectMs": (time.monotonic() - started) * 1000})


def _wake_on_child_exit():
    """A descriptor that becomes readable whenever a child ends, also for the time before this call."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    os.write(write_end, b"\0")
    return read_end


def _expect_silence():
    """While a program runs the host sends nothing; a readable stdin means that it closed its end."""
    if not os.read(0, 1):
        os._exit(0)
    raise frames.ProtocolError("a frame during the run")


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "SIG%d" % number
