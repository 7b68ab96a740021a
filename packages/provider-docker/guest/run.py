"""One run: of a program, or of a cell of a context. Feeds the runner, forwards its output, ends it, says what was seen, collects what it left."""

import json
import os
import signal
import struct
import time

import artifact_collector
import frames
import limit_evidence
from event_loop import READ, WRITE
from runner_process import WORK_FOLDER, as_user

ARTIFACT_FOLDER = os.path.join(WORK_FOLDER, "artifacts")
# A report is a value of at most `valueBytes`, or an error; this much more is framing and error text.
REPORT_SLACK_BYTES = 1024 * 1024
_REPORT_HEADER_BYTES = 5
# In the place of a job's length; see the runners' README.
_INTERRUPT_JOB = b"\xff\xff\xff\xff"
# Input that lies here because the program does not read it; the host sends no more than this ahead.
_INPUT_CREDIT_STEP_BYTES = 64 * 1024


class Run:
    def __init__(self, supervisor, runner, is_cell, payload):
        (header_bytes,) = struct.unpack_from(">I", payload)
        self.limits = json.loads(payload[4 : 4 + header_bytes])
        self.runner = runner
        self.is_cell = is_cell
        self._supervisor = supervisor
        self._loop = supervisor.loop
        self._writer = supervisor.writer
        self._job = memoryview(payload)[4 + header_bytes :]
        self._names = {runner.stdout: "stdout", runner.stderr: "stderr"}
        self._sent = {"stdout": 0, "stderr": 0}
        self._report = bytearray()
        self._exceeded = None
        self._input = bytearray()
        self._input_ended = not self.limits.get("stdin", False)
        self._input_credit = 0
        self._is_paused = False
        self._started = None
        self._known_artifacts = None

    def start(self):
        """Hands the job over as soon as the runner is ready for it."""
        self._known_artifacts = self._supervisor.take_artifact_snapshot()
        if self.runner.is_ready:
            self._begin()
        else:
            self._loop.watch(self.runner.report, READ, self._on_booted)

    def _on_booted(self):
        self._loop.forget(self.runner.report)
        if self.runner.wait_until_ready(0):
            self._begin()

    def _begin(self):
        self._feed()
        if self._job:
            self._loop.watch(self.runner.job, WRITE, self._feed)
        self._writer.send(frames.STARTED)
        self._writer.flush()
        self._started = time.monotonic()
        self.resume()
        self._push_input()

    @property
    def is_started(self):
        return self._started is not None

    def _feed(self):
        try:
            while self._job:
                self._job = self._job[os.write(self.runner.job, self._job) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._job = self._job[:0]
        self._loop.forget(self.runner.job)
        if not self.is_cell:
            os.close(self.runner.job)
            self.runner.job = None

    # Output.

    def pause(self):
        """Leaves the program's output in its pipes: the host does not keep up."""
        self._is_paused = True
        for fd in (self.runner.stdout, self.runner.stderr):
            self._loop.forget(fd)

    def resume(self):
        self._is_paused = False
        for fd in (self.runner.stdout, self.runner.stderr):
            self._loop.watch(fd, READ, lambda fd=fd: self._on_output(fd))
        if not self._loop.is_watched(self.runner.report):
            self._loop.watch(self.runner.report, READ, self._on_report)

    @property
    def is_paused(self):
        return self._is_paused

    def _on_output(self, fd):
        if not self._forward(fd):
            self._loop.forget(fd)
        elif self._exceeded is not None:
            self._supervisor.end_run(is_killed=True)

    def _forward(self, fd):
        """Passes on one piece of output. False at the end of the stream."""
        data = os.read(fd, frames.CHUNK_BYTES)
        if not data:
            return False
        name = self._names[fd]
        room = self.limits["outputBytes"] - self._sent[name]
        if len(data) > room and self._exceeded is None:
            self._exceeded = name
        data = data[:room]
        self._sent[name] += len(data)
        if data:
            self._writer.send(frames.STDOUT if name == "stdout" else frames.STDERR, data)
        return True

    def _on_report(self):
        if not self._take_report():
            self._loop.forget(self.runner.report)
        if self.is_cell and self._has_whole_report():
            self._supervisor.end_run(is_killed=False)

    def _take_report(self):
        data = os.read(self.runner.report, frames.CHUNK_BYTES)
        if not data:
            return False
        if len(self._report) + len(data) <= self.limits["valueBytes"] + REPORT_SLACK_BYTES:
            self._report += data
        return True

    def _has_whole_report(self):
        if len(self._report) < _REPORT_HEADER_BYTES:
            return False
        return len(self._report) >= _REPORT_HEADER_BYTES + int.from_bytes(self._report[1:_REPORT_HEADER_BYTES], "big")

    # Input.

    def take_input(self, data):
        if self.runner.stdin is not None:
            self._input += data
            if self.is_started:
                self._push_input()

    def end_input(self):
        self._input_ended = True
        if self.is_started:
            self._push_input()

    def _push_input(self):
        if self.runner.stdin is None or self.is_cell:
            return
        try:
            while self._input:
                written = os.write(self.runner.stdin, memoryview(self._input)[: frames.CHUNK_BYTES])
                del self._input[:written]
                self._input_credit += written
        except BlockingIOError:
            self._give_credit()
            if not self._loop.is_watched(self.runner.stdin):
                self._loop.watch(self.runner.stdin, WRITE, self._push_input)
            return
        except BrokenPipeError:
            # Nobody will read it any more.
            self._input.clear()
            self._input_ended = True
            self._writer.send(frames.INPUT_CLOSED)
        self._loop.forget(self.runner.stdin)
        self._give_credit(at_once=True)
        if self._input_ended:
            self.runner.close_input()

    def _give_credit(self, at_once=False):
        if self._input_credit >= (1 if at_once else _INPUT_CREDIT_STEP_BYTES):
            self._writer.send(frames.INPUT_CREDIT, struct.pack(">I", self._input_credit))
            self._input_credit = 0

    # The end.

    def interrupt(self):
        if not self.runner.takes_interrupt_as_job:
            os.kill(self.runner.pid, signal.SIGINT)
            return
        # Behind the rest of the job, if there is any.
        self._job = memoryview(bytes(self._job) + _INTERRUPT_JOB)
        self._feed()
        if self._job:
            self._loop.watch(self.runner.job, WRITE, self._feed)

    def finish(self, exit_status):
        """Says how the run ended and what it left. Whatever was to be ended has been ended before."""
        for fd in (self.runner.stdin, self.runner.stdout, self.runner.stderr, self.runner.job, self.runner.report):
            if fd is not None:
                self._loop.forget(fd)
        self._drain()
        if self._report:
            self._send_report()
        self._send_exit(exit_status)
        self._collect()

    def _drain(self):
        """Takes what still lies in the pipes."""
        for fd in (self.runner.stdout, self.runner.stderr):
            _read_on(lambda fd=fd: self._forward(fd))
        # A runner that never became ready has only its ready byte there.
        if self.runner.is_ready:
            _read_on(self._take_report)

    def _send_report(self):
        for start in range(0, len(self._report), frames.CHUNK_BYTES):
            self._writer.send(frames.REPORT, self._report[start : start + frames.CHUNK_BYTES])

    def _send_exit(self, status):
        counters = self._supervisor.counters.take_changes()
        memory = counters.pop("memory", None)
        limits = [{"limit": limit, **change} for limit, change in counters.items() if change["count"] > 0]
        if limit_evidence.is_work_folder_full():
            limits.append({"limit": "disk", "source": "file-system", "count": None})
        self._writer.send_json(
            frames.EXITED,
            {
                "exitCode": os.WEXITSTATUS(status) if status is not None and os.WIFEXITED(status) else None,
                "signal": _signal_name(os.WTERMSIG(status)) if status is not None and os.WIFSIGNALED(status) else None,
                "contextLives": self.is_cell and status is None,
                "outputLimit": self._exceeded,
                "outOfMemory": None if memory is None else {"source": memory["source"], "kills": memory["count"]},
                "limits": limits,
                "runMs": (time.monotonic() - self._started) * 1000 if self.is_started else 0,
            },
        )

    def _collect(self):
        started = time.monotonic()
        omitted = []
        known = self._known_artifacts
        with as_user(self.runner.user):
            for entry in artifact_collector.collect(ARTIFACT_FOLDER, self.limits, known):
                if entry[0] == "file":
                    _, path, size, descriptor = entry
                    self._writer.send_json(frames.FILE_START, {"path": path, "sizeBytes": size, "failure": None})
                    self._send_artifact(descriptor, size)
                else:
                    _, path, reason, size = entry
                    omitted.append({"path": path, "reason": reason, "sizeBytes": size})
        self._writer.send_json(frames.DONE, {"omitted": omitted, "collectMs": (time.monotonic() - started) * 1000})

    def _send_artifact(self, descriptor, size):
        """Sends exactly `size` bytes, also of a file that a process of another context makes shorter meanwhile."""
        remaining = size
        while remaining > 0:
            data = os.read(descriptor, min(frames.CHUNK_BYTES, remaining)) or bytes(min(frames.CHUNK_BYTES, remaining))
            self._writer.send(frames.FILE_DATA, data)
            remaining -= len(data)
            if self._writer.is_full:
                self._supervisor.wait_for_room()


def _read_on(read):
    """Reads until nothing is left, or nothing is there."""
    try:
        while read():
            pass
    except BlockingIOError:
        return


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "SIG%d" % number
