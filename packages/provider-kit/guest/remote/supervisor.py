"""Stays in the sandbox from its first call to its end: runs programs and cells one after the other, ends what they start with them or with their context, and tells the host."""

import codecs
import json
import os
import shutil
import signal
import struct
import time

import confinement
import descendants
import file_transfer
import frames
import program_user
import runner_process
from contexts import Contexts
from event_loop import READ, EventLoop
from frame_outbox import FrameOutbox
from lifetime import Lifetime
from mailbox import Mailbox
from run import Run

_BOOT_SECONDS = 15
_MOST_CONTEXTS = 8
_SECRET_BYTES = 32
# How long a supervisor that outlives its connection waits to be claimed.
_UNCLAIMED_SECONDS = 120
# The next runner is started when the answer to the last call has arrived: most sandboxes are deleted then.
_PREPARE_DELAY_SECONDS = 0.5


class Place:
    """Where the programs of the sandbox live, and as whom."""

    def __init__(self, folder, has_own_user):
        self.user, *self.context_users = program_user.choose(1 + _MOST_CONTEXTS, has_own_user)
        self.work_folder = os.path.join(folder, "work")
        self.artifact_folder = os.path.join(self.work_folder, "artifacts")
        self.temporary_folder = os.path.join(folder, "tmp")
        for path in (self.work_folder, self.temporary_folder, self.artifact_folder):
            self.user.give(path)
        # Of what is written for the host, too.
        os.umask(self.user.umask)
        confinement.take_private_folders(folder, self.user)


class Supervisor:
    def __init__(self, settings):
        self._settings = settings
        self.loop = EventLoop()
        self._arrived = bytearray()
        self.writer = FrameOutbox()
        self._place = Place(settings["folder"], settings["ownUser"])
        self._writing = file_transfer.FileWriting(self.writer, self._place)
        self._mailbox = None
        self._lifetime = Lifetime(_UNCLAIMED_SECONDS if settings["reconnectable"] else None)
        self._hardening = []
        self._reading = None
        self._ending = None
        self._is_job_refused = False
        self._prepared = None
        self._prepare_at = None
        self._run = None
        self._contexts = Contexts(self, self._place.context_users)

    def boot(self):
        """Says what is in force of what was taken from programs, or why none can be started."""
        # Found on the disk at its first use, which comes when we act as somebody who may not look there.
        codecs.lookup("utf-16-be")
        self._watch_children()
        self._prepared = self.start_runner(self._place.user, is_context=False)
        if not self._prepared.wait_until_ready(_BOOT_SECONDS):
            return {"problem": "no-runner", "log": _read_all(self._prepared.stderr)}
        self._hardening = confinement.measure(self._prepared.pid)
        # Made here: what is handed in may stay where others look, in a file or in the history of an interpreter.
        secret = os.urandom(_SECRET_BYTES)
        self._mailbox = Mailbox(self.loop, secret, self.writer, self._on_host, self._on_takeover, self._describe)
        network = "none" if self._settings["network"] == "none" else "template"
        return {"secret": secret.hex(), "hardening": self._hardening, "network": network, "user": "own" if self._place.user.is_own else "shared"}

    def serve(self):
        """Handles what happens until the host has been silent for too long while something runs, or the sandbox's time is over."""
        while True:
            self._advance()
            self._mailbox.answer_due(self._is_busy)
            dues = [self._mailbox.seconds_until_due(self._is_busy)]
            if self._prepare_at is not None:
                dues.append(self._prepare_at - time.monotonic())
            left = self._lifetime.seconds_left(self._is_busy)
            if left is not None:
                if left <= 0:
                    return
                dues.append(left)
            if self._is_busy:
                silence = time.monotonic() - self._mailbox.heard_at
                if silence > self._settings["silenceSeconds"]:
                    return
                dues.append(self._settings["silenceSeconds"] - silence + 0.1)
            waits = [seconds for seconds in dues if seconds is not None]
            self.loop.run_once(0 if self._can_advance else min(waits) if waits else None)

    def close(self):
        """Leaves nothing behind: the sandbox may be one that does not end with us."""
        descendants.end_all(set())
        os.chdir("/")
        shutil.rmtree(self._settings["folder"], ignore_errors=True)

    @property
    def _is_busy(self):
        return self._run is not None or self._reading is not None or self._ending is not None or self._contexts.is_opening

    @property
    def _can_advance(self):
        return self._ending is not None and not self.writer.is_full

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
            if self.writer.is_full and not self._run.is_paused:
                self._run.pause()
            elif self._run.is_paused and self.writer.has_room:
                self._run.resume()
        if self._prepare_at is not None and self._prepare_at <= time.monotonic():
            self._prepare_at = None
            if self._prepared is None and self._run is None:
                self._prepared = self.start_runner(self._place.user, is_context=False)

    def start_runner(self, user, is_context):
        return runner_process.start(self._settings, self._place, user, is_context)

    # What the host says.

    def _on_host(self, data):
        self._arrived += data
        self._lifetime.note_activity()
        # Which connection says it is told by its positions.
        for kind, _, payload in frames.cut(self._arrived):
            if kind not in self._handlers:
                raise frames.ProtocolError("unknown frame %r" % kind)
            self._handlers[kind](self, payload)

    def _describe(self):
        """What every answer tells of the sandbox: whoever takes it over knows nothing else of it."""
        return {"remainingMs": self._lifetime.remaining_ms(), "hardening": self._hardening} if self._settings["reconnectable"] else {}

    def _on_takeover(self):
        """Another connection speaks now. What ran for the former one is ended; nobody is there to be told of it."""
        self._arrived.clear()
        self._lifetime.note_activity()
        if self._reading is not None:
            self._reading.stop()
            self._reading = None
        if self._run is not None:
            self._end_run(True)
        self._ending = None
        self._is_job_refused = False
        if self._prepared is None:
            self._prepare_at = time.monotonic() + _PREPARE_DELAY_SECONDS

    def _on_token(self, payload):
        """With this secret another connection may take the sandbox over."""
        self._mailbox.admit(payload)

    def _on_lifetime(self, payload):
        lifetime = json.loads(payload)
        self._lifetime.set(lifetime["idleMs"], lifetime["remainingMs"])
        self.writer.send(frames.LIFETIME_SET)

    def _on_write_file(self, payload):
        self._is_job_refused = self._writing.take(payload) or self._is_job_refused

    def _on_read_file(self, payload):
        (credit,) = struct.unpack_from(">I", payload)
        self._reading = file_transfer.FileReading(self.writer, self._place, payload[4:].decode("utf-8"), credit)

    def _on_read_more(self, payload):
        if self._reading is not None:
            self._reading.give_credit(struct.unpack(">I", payload)[0])

    def _on_read_stop(self, _payload):
        if self._reading is not None:
            self._reading.stop()

    def _on_job(self, payload):
        is_refused, self._is_job_refused = self._is_job_refused, False
        if is_refused:
            # The host has been told which file is to blame.
            self._refuse_job()
            return
        context_id = json.loads(payload[4 : 4 + struct.unpack_from(">I", payload)[0]]).get("context")
        runner = self._take_runner() if context_id is None else self._contexts.runner_of(context_id)
        if runner is None:
            self.writer.send_json(frames.CONTEXT, {"id": context_id, "failure": "closed"})
            self._refuse_job()
            return
        self._run = Run(self.loop, self.writer, runner, payload, self._place, self._end_run)
        self._run.start()

    def _refuse_job(self):
        self.writer.send_json(frames.DONE, {"omitted": [], "collectMs": 0})

    def _take_runner(self):
        runner, self._prepared = self._prepared, None
        return runner or self.start_runner(self._place.user, is_context=False)

    def _on_input(self, payload):
        if self._run is not None:
            self._run.take_input(payload)

    def _on_input_end(self, _payload):
        if self._run is not None:
            self._run.end_input()

    def _on_kill(self, payload):
        """Ends the run; when a context is named, only a cell of that one."""
        if self._run is not None and (not payload or self._is_cell_of(payload)):
            self._end_run(True)

    def _on_interrupt(self, payload):
        if self._run is not None and self._run.is_started and self._is_cell_of(payload):
            self._run.interrupt()

    def _is_cell_of(self, context_id):
        return self._run.runner is self._contexts.runner_of(context_id.decode("ascii"))

    def _on_open_context(self, payload):
        self._contexts.open(json.loads(payload)["id"])

    def _on_close_context(self, payload):
        self._contexts.close(json.loads(payload)["id"])

    _handlers = {
        frames.WRITE_FILE: _on_write_file,
        frames.READ_FILE: _on_read_file,
        frames.READ_MORE: _on_read_more,
        frames.READ_STOP: _on_read_stop,
        frames.JOB: _on_job,
        frames.INPUT: _on_input,
        frames.INPUT_END: _on_input_end,
        frames.KILL: _on_kill,
        frames.INTERRUPT: _on_interrupt,
        frames.OPEN_CONTEXT: _on_open_context,
        frames.CLOSE_CONTEXT: _on_close_context,
        frames.LIFETIME: _on_lifetime,
        frames.TOKEN: _on_token,
    }

    # Runs.

    def _end_run(self, is_killed, exit_status=None):
        """Ends what is to be ended with everything that it started, and begins to tell the host. A cell that has reported leaves its context as it is."""
        run, self._run = self._run, None
        keeps_context = run.is_cell and not is_killed
        if not keeps_context:
            self._contexts.forget(run.runner)
            exit_status = self._end_all_but_wanted(run.runner, exit_status)
        self._ending = run.finish(exit_status, keeps_context)

    def end_context(self, runner):
        # While a program runs, what it has left behind cannot be told from what was left by an interpreter that has ended. Both end with it then.
        if self._run is None or self._run.is_cell:
            self._end_all_but_wanted(runner, None)
        runner.close()

    def _end_all_but_wanted(self, ended, exit_status):
        """Ends a runner and all that nobody wants. Returns how the runner ended."""
        wanted = self._contexts.pids | ({self._prepared.pid} if self._prepared else set())
        statuses = descendants.end_all(wanted - {ended.pid})
        for pid, status in statuses.items():
            if pid != ended.pid:
                self._note_end(pid, status)
        return statuses.get(ended.pid, exit_status)

    def _watch_children(self):
        """A descriptor that becomes readable whenever a child ends."""
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.loop.watch(read_end, READ, lambda: self._on_child(read_end))

    def _on_child(self, signals):
        try:
            os.read(signals, 4096)
        except BlockingIOError:
            return
        for pid, status in descendants.reap():
            self._note_end(pid, status)

    def _note_end(self, pid, status):
        if self._run is not None and pid == self._run.runner.pid:
            self._end_run(True, status)
        elif self._prepared is not None and pid == self._prepared.pid:
            self._prepared.close()
            self._prepared = None
        else:
            self._contexts.note_end(pid)


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
