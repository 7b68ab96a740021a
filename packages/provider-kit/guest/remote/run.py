"""One run of a program, or of a cell of a context: feeds the runner, forwards its output, says how it ended, hands over what it left."""

import json
import os
import signal
import struct
import time

import artifact_collector
import artifact_snapshot
import frames
from event_loop import READ, WRITE

# A report is a value of at most `valueBytes`, or an error; this much more is framing and error text.
_REPORT_SLACK_BYTES = 1024 * 1024
_REPORT_HEADER_BYTES = 5
# In the place of a job's length; see the runners' README in the kit.
_INTERRUPT_JOB = b"\xff\xff\xff\xff"
# More than a pipe holds, and an end where somebody goes on writing: a context lives on behind its cell.
_MOST_READS = 64
# Input that lies here because the program does not read it; the host sends no more than this ahead.
_INPUT_CREDIT_STEP_BYTES = 64 * 1024


class Run:
    def __init__(self, loop, writer, runner, payload, place, end):
        """place has artifact_folder. end(is_killed) is called when the program is to be ended, or the cell has ended."""
        (header_bytes,) = struct.unpack_from(">I", payload)
        self.limits = json.loads(payload[4 : 4 + header_bytes])
        self.is_cell = self.limits.get("context") is not None
        self.runner = runner
        self._loop = loop
        self._writer = writer
        self._place = place
        self._end = end
        self._job = memoryview(payload)[4 + header_bytes :]
        self._names = {runner.stdout: "stdout", runner.stderr: "stderr"}
        self._sent = {"stdout": 0, "stderr": 0}
        self._report = bytearray()
        self._exceeded = None
        self._input = bytearray()
        self._input_ended = not self.limits.get("stdin", False)
        self._input_credit = 0
        self._started = None
        self._known_artifacts = None
        self.is_paused = False

    def start(self):
        """Hands the job over as soon as the runner is ready for it."""
        with self.runner.user:
            artifact_snapshot.make_folder(self._place.artifact_folder)
            self._known_artifacts = artifact_snapshot.take(self._place.artifact_folder)
        if self.runner.is_ready:
            self._begin()
        else:
            self._loop.watch(self.runner.report, READ, self._on_booted)

    @property
    def is_started(self):
        return self._started is not None

    def _on_booted(self):
        self._loop.forget(self.runner.report)
        if self.runner.wait_until_ready(0):
            self._begin()

    def _begin(self):
        self._begin_to_feed()
        self._writer.send(frames.STARTED)
        self._started = time.monotonic()
        self.resume()
        self._loop.watch(self.runner.report, READ, self._on_report)
        self._push_input()

    def _begin_to_feed(self):
        self._feed()
        if self._job:
            self._loop.watch(self.runner.job, WRITE, self._feed)

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
        self.is_paused = True
        for fd in self._names:
            self._loop.forget(fd)

    def resume(self):
        self.is_paused = False
        for fd in self._names:
            self._loop.watch(fd, READ, lambda fd=fd: self._on_output(fd))

    def _on_output(self, fd):
        if not self._forward(fd):
            self._loop.forget(fd)
            del self._names[fd]
        elif self._exceeded is not None:
            self._end(True)

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
        if self.is_cell and self._has_whole_report:
            self._end(False)

    @property
    def _has_whole_report(self):
        header = self._report[:_REPORT_HEADER_BYTES]
        return len(header) == _REPORT_HEADER_BYTES and len(self._report) >= _REPORT_HEADER_BYTES + int.from_bytes(header[1:], "big")

    def _take_report(self):
        data = os.read(self.runner.report, frames.CHUNK_BYTES)
        if not data:
            return False
        if len(self._report) + len(data) <= self.limits["valueBytes"] + _REPORT_SLACK_BYTES:
            self._report += data
        return True

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
        if self.runner.stdin is None:
            return
        try:
            while self._input:
                written = os.write(self.runner.stdin, memoryview(self._input)[: frames.CHUNK_BYTES])
                del self._input[:written]
                self._input_credit += written
        except BlockingIOError:
            self._give_credit(_INPUT_CREDIT_STEP_BYTES)
            if not self._loop.is_watched(self.runner.stdin):
                self._loop.watch(self.runner.stdin, WRITE, self._push_input)
            return
        except BrokenPipeError:
            # Nobody will read it any more.
            self._input.clear()
            self._input_ended = True
            self._writer.send(frames.INPUT_CLOSED)
        self._loop.forget(self.runner.stdin)
        self._give_credit(1)
        if self._input_ended:
            self.runner.close_input()

    def _give_credit(self, least):
        if self._input_credit >= least:
            self._writer.send(frames.INPUT_CREDIT, struct.pack(">I", self._input_credit))
            self._input_credit = 0

    # The end.

    def interrupt(self):
        """Breaks a cell off, for its context to go on."""
        if not self.runner.takes_interrupt_as_job:
            os.kill(self.runner.pid, signal.SIGINT)
            return
        # Behind the rest of the job, if there is any.
        self._job = memoryview(bytes(self._job) + _INTERRUPT_JOB)
        self._begin_to_feed()

    def finish(self, exit_status, keeps_runner):
        """Listens to nothing more, and gives the steps that say how the run ended and what it left: each one may fill the writer. Whatever was to be ended has been ended before."""
        for fd in (self.runner.stdin, self.runner.stdout, self.runner.stderr, self.runner.job, self.runner.report):
            if fd is not None:
                self._loop.forget(fd)
        for fd in list(self._names):
            _read_on(lambda fd=fd: self._forward(fd))
        # A runner that never became ready has only its ready byte there.
        if self.runner.is_ready:
            _read_on(self._take_report)
        if not keeps_runner:
            self.runner.close()
        return self._tell(exit_status, keeps_runner)

    def _tell(self, exit_status, context_lives):
        for start in range(0, len(self._report), frames.CHUNK_BYTES):
            self._writer.send(frames.REPORT, self._report[start : start + frames.CHUNK_BYTES])
            yield
        self._send_exit(exit_status, context_lives)
        yield from self._collect()

    def _send_exit(self, status, context_lives):
        self._writer.send_json(
            frames.EXITED,
            {
                "exitCode": os.WEXITSTATUS(status) if status is not None and os.WIFEXITED(status) else None,
                "signal": _signal_name(os.WTERMSIG(status)) if status is not None and os.WIFSIGNALED(status) else None,
                "contextLives": context_lives,
                "outputLimit": self._exceeded,
                "outOfMemory": None,
                "limits": [],
                "runMs": (time.monotonic() - self._started) * 1000 if self.is_started else 0,
            },
        )

    def _collect(self):
        started = time.monotonic()
        omitted = []
        entries = artifact_collector.collect(self._place.artifact_folder, self.limits, self._known_artifacts)
        while True:
            with self.runner.user:
                entry = next(entries, None)
            if entry is None:
                break
            if entry[0] == "file":
                _, path, size, descriptor = entry
                self._writer.send_json(frames.FILE_START, {"path": path, "sizeBytes": size, "failure": None})
                yield from self._send_artifact(descriptor, size)
            else:
                _, path, reason, size = entry
                omitted.append({"path": path, "reason": reason, "sizeBytes": size})
        self._writer.send_json(frames.DONE, {"omitted": omitted, "collectMs": (time.monotonic() - started) * 1000})

    def _send_artifact(self, descriptor, size):
        """Sends exactly `size` bytes, also of a file that becomes shorter meanwhile."""
        remaining = size
        while remaining > 0:
            wanted = min(frames.CHUNK_BYTES, remaining)
            data = os.read(descriptor, wanted) or bytes(wanted)
            self._writer.send(frames.FILE_DATA, data)
            remaining -= len(data)
            yield


def _read_on(read):
    """Reads until nothing is left, or nothing is there."""
    try:
        for _ in range(_MOST_READS):
            if not read():
                return
    except BlockingIOError:
        return


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "SIG%d" % number
