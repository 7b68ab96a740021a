"""First process of a sandbox container: takes jobs over stdin, has them run by waiting runners, says what happened on stdout.

It runs as root with the right to change user and to kill, and nothing else; programs run as other users and cannot signal it, trace it or
reach its descriptors. It ends, and the container with it, when the host's end of stdin closes or the sandbox's time is over.
"""

import ctypes
import json
import os
import signal
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import artifact_snapshot  # noqa: E402
import contexts  # noqa: E402
import file_transfer  # noqa: E402
import frame_stream  # noqa: E402
import frames  # noqa: E402
import isolation_probe  # noqa: E402
import limit_evidence  # noqa: E402
import run as run_module  # noqa: E402
import runner_process  # noqa: E402
import user_processes  # noqa: E402
import zygote  # noqa: E402
from event_loop import READ, WRITE, EventLoop  # noqa: E402
from lifetime import Lifetime  # noqa: E402

BOOT_SECONDS = 30
# How long a container that outlives its connection waits to be claimed, since nobody else would end it.
UNCLAIMED_SECONDS = 60
# A sandbox that is thrown away after its call should not pay for the next runner.
PREPARE_DELAY_SECONDS = 0.1
_PR_SET_DUMPABLE = 4


class HostGone(Exception):
    """The host closed its end, or nobody needs this sandbox any more."""


class Supervisor:
    def __init__(self, settings):
        self.settings = settings
        self.loop = EventLoop()
        self.reader = frame_stream.FrameReader(0)
        self.writer = frame_stream.FrameWriter(1)
        self.counters = None
        self._lifetime = Lifetime(UNCLAIMED_SECONDS if settings["reconnectable"] else None)
        self._writing = file_transfer.FileWriting(self.writer)
        self._reading = None
        self._is_job_refused = False
        self._zygote = None
        self._isolation = None
        self._preloaded = None
        self._prepared = None
        self._prepare_at = None
        self._run = None
        self._run_count = 0
        self._contexts = contexts.Contexts(self, runner_process.CONTEXT_USERS)

    def boot(self):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        os.umask(0o002)
        self._isolation = isolation_probe.measure()
        if self.settings["language"] == "python":
            self._zygote = zygote.Zygote(self.settings["preload"])
        with runner_process.as_user():
            os.makedirs(run_module.ARTIFACT_FOLDER, mode=0o775, exist_ok=True)
        self._watch_children()
        if self._zygote is not None:
            self._preloaded = self._zygote.wait_until_ready(BOOT_SECONDS)
        self._prepared = self.start_runner(runner_process.PROGRAM_USER, is_context=False)
        if not self._prepared.wait_until_ready(BOOT_SECONDS):
            raise RuntimeError("the runner did not become ready")
        self.counters = limit_evidence.LimitCounters()
        self.loop.watch(0, READ, self._on_host)
        self._greet()

    def _greet(self):
        self.writer.send_json(
            frames.HELLO,
            {
                "protocol": frames.PROTOCOL_VERSION,
                "epoch": self.reader.epoch,
                "language": self.settings["language"],
                "isolation": self._isolation,
                "preloaded": self._preloaded,
                "remainingMs": self._lifetime.remaining_ms(),
            },
        )

    def serve(self):
        """Handles what happens until the host goes away or the time is over."""
        while True:
            self._settle_output()
            seconds = self._seconds_until_something_is_due()
            if seconds is not None and seconds <= 0:
                self._do_what_is_due()
            self.loop.run_once(seconds)

    def _settle_output(self):
        if self._reading is not None:
            self._reading.advance()
            if self._reading.is_over:
                self._reading = None
        self.writer.flush()
        if self.writer.is_pending:
            if not self.loop.is_watched(1):
                self.loop.watch(1, WRITE, lambda: None)
        else:
            self.loop.forget(1)
        if self._run is not None and self._run.is_started:
            if self.writer.is_full and not self._run.is_paused:
                self._run.pause()
            elif self._run.is_paused and self.writer.has_room:
                self._run.resume()

    def wait_for_room(self):
        """Lets the host take what lies ready, where there is nothing else to do but hear whether it is still there."""
        while not self.writer.has_room:
            self._settle_output()
            self.loop.run_once(None)

    def _seconds_until_something_is_due(self):
        ends = [self._lifetime.seconds_left(is_busy=self._run is not None or self._reading is not None)]
        if self._prepare_at is not None:
            ends.append(self._prepare_at - time.monotonic())
        ends = [seconds for seconds in ends if seconds is not None]
        return min(ends) if ends else None

    def _do_what_is_due(self):
        left = self._lifetime.seconds_left(is_busy=self._run is not None or self._reading is not None)
        if left is not None and left <= 0:
            raise HostGone()
        if self._prepare_at is not None and self._prepare_at <= time.monotonic():
            self._prepare_at = None
            if self._prepared is None and self._run is None:
                self._prepared = self.start_runner(runner_process.PROGRAM_USER, is_context=False)

    # What the host says.

    def _on_host(self):
        arrived = self.reader.read_available()
        if arrived is None:
            raise HostGone()
        self._lifetime.note_activity()
        for kind, payload in arrived:
            self._handlers[kind](self, payload) if kind in self._handlers else self._refuse(kind)

    def _refuse(self, kind):
        raise frames.ProtocolError("unknown frame %r" % kind)

    def _on_write_file(self, payload):
        self._is_job_refused = self._writing.take(payload) or self._is_job_refused

    def _on_read_file(self, payload):
        (credit,) = struct.unpack_from(">I", payload)
        self._reading = file_transfer.FileReading(self.writer, payload[4:].decode("utf-8"), credit)

    def _on_read_more(self, payload):
        if self._reading is not None:
            self._reading.give_credit(struct.unpack(">I", payload)[0])

    def _on_read_stop(self, _payload):
        if self._reading is not None:
            self._reading.stop()

    def _on_job(self, payload):
        if self._run is not None:
            raise frames.ProtocolError("a job during a run")
        refused, self._is_job_refused = self._is_job_refused, False
        if refused:
            # The host has been told which file is to blame.
            self._refuse_job()
            return
        context_id = json.loads(payload[4 : 4 + struct.unpack_from(">I", payload)[0]]).get("context")
        runner = self._take_runner() if context_id is None else self._contexts.runner_of(context_id)
        if runner is None:
            self.writer.send_json(frames.CONTEXT, {"id": context_id, "failure": "closed"})
            self._refuse_job()
            return
        self._run = run_module.Run(self, runner, context_id is not None, payload)
        self._run.start()

    def _refuse_job(self):
        self.writer.send_json(frames.DONE, {"omitted": [], "collectMs": 0})

    def _on_input(self, payload):
        if self._run is not None:
            self._run.take_input(payload)

    def _on_input_end(self, _payload):
        if self._run is not None:
            self._run.end_input()

    def _on_kill(self, payload):
        """Ends the run; when a context is named, only a cell of that one."""
        run = self._run
        if run is not None and (not payload or run.runner is self._contexts.runner_of(payload.decode("ascii"))):
            self.end_run(is_killed=True)

    def _on_interrupt(self, payload):
        run = self._run
        if run is not None and run.is_started and run.runner is self._contexts.runner_of(payload.decode("ascii")):
            run.interrupt()

    def _on_open_context(self, payload):
        self._contexts.open(json.loads(payload)["id"])

    def _on_close_context(self, payload):
        self._contexts.close(json.loads(payload)["id"])

    def _on_lifetime(self, payload):
        lifetime = json.loads(payload)
        self._lifetime.set(lifetime["idleMs"], lifetime["remainingMs"])
        self.writer.send(frames.LIFETIME_SET)

    def _on_token(self, payload):
        self.reader.token = payload

    def _on_takeover(self, nonce):
        """Another connection speaks now. What ran for the former one is ended; nobody is there to be told of it."""
        if self._reading is not None:
            self._reading.stop()
            self._reading = None
        if self._run is not None:
            self.end_run(is_killed=True)
        self._is_job_refused = False
        self.writer.send(frames.TAKEN_OVER)
        self.writer.send_raw(nonce)
        self._greet()

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
        frame_stream.TAKEOVER: _on_takeover,
    }

    # Runners and runs.

    def start_runner(self, user, is_context):
        processes = self.settings["processes"] if self._isolation["kind"] == "gvisor" else None
        if self._zygote is not None:
            return self._zygote.start(user, is_context, processes)
        return runner_process.start_node(user, is_context, self.settings["memoryBytes"], processes)

    def _take_runner(self):
        runner, self._prepared = self._prepared, None
        return runner or self.start_runner(runner_process.PROGRAM_USER, is_context=False)

    def take_artifact_snapshot(self):
        """What was there before a run; nothing was before the first."""
        self._run_count += 1
        if self._run_count == 1 and not self._contexts.has_any:
            return {}
        with runner_process.as_user():
            artifact_snapshot.make_folder(run_module.ARTIFACT_FOLDER)
            return artifact_snapshot.take(run_module.ARTIFACT_FOLDER)

    def end_run(self, is_killed, exit_status=None):
        """Ends what is to be ended and tells the host. A cell that has reported leaves its context as it is."""
        run, self._run = self._run, None
        keeps_context = run.is_cell and not is_killed
        if not keeps_context:
            exit_status = self._end_user(run.runner, exit_status)
        run.finish(exit_status)
        if not keeps_context:
            run.runner.close()
            self._contexts.forget(run.runner)
        if not run.is_cell:
            self._prepare_at = time.monotonic() + PREPARE_DELAY_SECONDS

    def _end_user(self, runner, exit_status):
        """Ends every process of a runner's user. Returns how the runner itself ended."""
        statuses = user_processes.end_all(runner.user)
        for pid, status in statuses.items():
            if pid != runner.pid:
                self._note_end(pid, status)
        return statuses.get(runner.pid, exit_status)

    def end_context(self, runner):
        self._end_user(runner, None)
        runner.close()

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
        for pid, status in user_processes.reap():
            self._note_end(pid, status)

    def _note_end(self, pid, status):
        if self._run is not None and pid == self._run.runner.pid:
            self.end_run(is_killed=True, exit_status=status)
        elif self._prepared is not None and pid == self._prepared.pid:
            self._prepared.close()
            self._prepared = None
        elif self._zygote is not None and pid == self._zygote.pid:
            raise RuntimeError("the parent of the programs has ended")
        else:
            self._contexts.note_end(pid)


def main():
    supervisor = Supervisor(json.loads(sys.argv[1]))
    try:
        supervisor.boot()
        supervisor.serve()
    except (HostGone, BrokenPipeError):
        os._exit(0)


if __name__ == "__main__":
    main()
