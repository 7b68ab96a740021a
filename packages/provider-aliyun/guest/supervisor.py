"""Stays in the sandbox from its first call to its end: runs programs one after the other, each with everything that it starts ended after it, and tells the host."""

import codecs
import json
import os
import signal
import struct
import time

import confinement
import descendants
import file_transfer
import frames
import runner_process
from event_loop import READ, EventLoop
from frame_outbox import FrameOutbox
from mailbox import Mailbox
from program_user import ProgramUser
from run import Run

_BOOT_SECONDS = 15
# The next runner is started when the answer to the last call has arrived: most sandboxes are deleted then.
_PREPARE_DELAY_SECONDS = 0.5


class Place:
    """Where the programs of the sandbox live, and as whom."""

    def __init__(self, folder, has_own_user):
        self.user = ProgramUser(has_own_user)
        self.work_folder = os.path.join(folder, "work")
        self.artifact_folder = os.path.join(self.work_folder, "artifacts")
        self.temporary_folder = os.path.join(folder, "tmp")
        for path in (self.work_folder, self.temporary_folder):
            self.user.give(path, 0o700)
        self.user.give(self.artifact_folder, 0o755)
        confinement.take_private_folders(folder, self.user)


class Supervisor:
    def __init__(self, settings):
        self._settings = settings
        self._loop = EventLoop()
        self._arrived = bytearray()
        self._writer = FrameOutbox()
        self._place = Place(settings["folder"], settings["ownUser"])
        self._writing = file_transfer.FileWriting(self._writer, self._place)
        self._mailbox = None
        self._reading = None
        self._ending = None
        self._is_job_refused = False
        self._prepared = None
        self._prepare_at = None
        self._run = None

    def boot(self):
        """Says what is in force of what was taken from programs, or why none can be started."""
        # Found on the disk at its first use, which comes when we act as somebody who may not look there.
        codecs.lookup("utf-16-be")
        self._watch_children()
        self._prepared = self._start_runner()
        if not self._prepared.wait_until_ready(_BOOT_SECONDS):
            return {"problem": "no-runner", "log": _read_all(self._prepared.stderr)}
        hardening = confinement.measure(self._prepared.pid)
        self._mailbox = Mailbox(self._loop, bytes.fromhex(self._settings.pop("secret")), self._writer, self._on_host)
        network = "none" if self._settings["network"] == "none" else "template"
        return {"hardening": hardening, "network": network, "user": "own" if self._place.user.is_own else "shared"}

    def serve(self):
        """Handles what happens until the host has been silent for too long while something runs."""
        while True:
            self._advance()
            self._mailbox.answer_due(self._is_busy)
            dues = [self._mailbox.seconds_until_due(self._is_busy)]
            if self._prepare_at is not None:
                dues.append(self._prepare_at - time.monotonic())
            if self._is_busy:
                silence = time.monotonic() - self._mailbox.heard_at
                if silence > self._settings["silenceSeconds"]:
                    return
                dues.append(self._settings["silenceSeconds"] - silence + 0.1)
            waits = [seconds for seconds in dues if seconds is not None]
            self._loop.run_once(0 if self._can_advance else min(waits) if waits else None)

    def close(self):
        descendants.end_all(set())

    @property
    def _is_busy(self):
        return self._run is not None or self._reading is not None or self._ending is not None

    @property
    def _can_advance(self):
        return self._ending is not None and not self._writer.is_full

    def _advance(self):
        if self._reading is not None:
            self._reading.advance()
            if self._reading.is_over:
                self._reading = None
        while self._can_advance:
            if next(self._ending, self) is self:
                self._ending = None
                self._prepare_at = time.monotonic() + _PREPARE_DELAY_SECONDS
        if self._run is not None and self._run.is_started:
            if self._writer.is_full and not self._run.is_paused:
                self._run.pause()
            elif self._run.is_paused and self._writer.has_room:
                self._run.resume()
        if self._prepare_at is not None and self._prepare_at <= time.monotonic():
            self._prepare_at = None
            if self._prepared is None and self._run is None:
                self._prepared = self._start_runner()

    def _start_runner(self):
        return runner_process.start(self._settings, self._place.user, self._place.work_folder, self._place.temporary_folder)

    # What the host says.

    def _on_host(self, data):
        self._arrived += data
        # Which connection says it is told by its positions.
        for kind, _, payload in frames.cut(self._arrived):
            if kind not in self._handlers:
                raise frames.ProtocolError("unknown frame %r" % kind)
            self._handlers[kind](self, payload)

    def _on_write_file(self, payload):
        self._is_job_refused = self._writing.take(payload) or self._is_job_refused

    def _on_read_file(self, payload):
        (credit,) = struct.unpack_from(">I", payload)
        self._reading = file_transfer.FileReading(self._writer, self._place, payload[4:].decode("utf-8"), credit)

    def _on_read_more(self, payload):
        if self._reading is not None:
            self._reading.give_credit(struct.unpack(">I", payload)[0])

    def _on_read_stop(self, _payload):
        if self._reading is not None:
            self._reading.stop()

    def _on_job(self, payload):
        is_refused, self._is_job_refused = self._is_job_refused, False
        if is_refused:
            return
        runner, self._prepared = self._prepared or self._start_runner(), None
        self._run = Run(self._loop, self._writer, runner, payload, self._place, self._end_run)
        self._run.start()

    def _on_input(self, payload):
        if self._run is not None:
            self._run.take_input(payload)

    def _on_input_end(self, _payload):
        if self._run is not None:
            self._run.end_input()

    def _on_kill(self, _payload):
        if self._run is not None:
            self._end_run(True)

    _handlers = {
        frames.WRITE_FILE: _on_write_file,
        frames.READ_FILE: _on_read_file,
        frames.READ_MORE: _on_read_more,
        frames.READ_STOP: _on_read_stop,
        frames.JOB: _on_job,
        frames.INPUT: _on_input,
        frames.INPUT_END: _on_input_end,
        frames.KILL: _on_kill,
    }

    # Runs.

    def _end_run(self, is_killed, exit_status=None):
        """Ends the program with everything that it started, and begins to tell the host."""
        run, self._run = self._run, None
        statuses = descendants.end_all(set())
        self._ending = run.finish(statuses.get(run.runner.pid, exit_status) if exit_status is None else exit_status)

    def _watch_children(self):
        """A descriptor that becomes readable whenever a child ends."""
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._loop.watch(read_end, READ, lambda: self._on_child(read_end))

    def _on_child(self, signals):
        try:
            os.read(signals, 4096)
        except BlockingIOError:
            return
        for pid, status in descendants.reap():
            if self._run is not None and pid == self._run.runner.pid:
                self._end_run(False, status)
            elif self._prepared is not None and pid == self._prepared.pid:
                self._prepared.close()
                self._prepared = None


def _read_all(descriptor):
    os.set_blocking(descriptor, False)
    try:
        return os.read(descriptor, 65536).decode("utf-8", "replace")[-2000:]
    except BlockingIOError:
        return ""


def main(settings, news):
    """Never returns while the sandbox is wanted. What it found goes to `news`, once."""
    confinement.protect_supervisor()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A handler, which programs do not inherit; to be deaf they would.
        signal.signal(number, lambda *_: None)
    supervisor = Supervisor(settings)
    found = supervisor.boot()
    os.write(news, json.dumps(found).encode("ascii"))
    os.close(news)
    try:
        if "problem" not in found:
            supervisor.serve()
    finally:
        supervisor.close()
    os._exit(0)
