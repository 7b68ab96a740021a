"""First process of a sandbox container: takes one job over stdin, has it run by a waiting child, says what happened on stdout.

It runs as root with the right to change user and to kill, and nothing else; the program runs as another user and cannot
signal it, trace it or reach its descriptors. When the host's end of stdin closes, it exits and the container with it.
"""

import ctypes
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import child as child_process  # noqa: E402
import frames  # noqa: E402
import isolation_probe  # noqa: E402
import job as job_module  # noqa: E402
import work_folder  # noqa: E402

BOOT_SECONDS = 30
_PR_SET_DUMPABLE = 4


class HostGone(Exception):
    """The host closed its end."""


class Supervisor:
    def __init__(self, language, memory_bytes, processes):
        self.language = language
        self.memory_bytes = memory_bytes
        self.processes = processes
        self.reader = frames.FrameReader(0)
        self.writer = frames.FrameWriter(1)
        self.failed_write = None
        self.is_job_refused = False
        self.child = None

    def boot(self):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        isolation = isolation_probe.measure()
        with child_process.as_user():
            os.makedirs(job_module.ARTIFACT_FOLDER, mode=0o755, exist_ok=True)
        self.child = child_process.start_child(
            self.language, self.memory_bytes, self.processes if isolation["kind"] == "gvisor" else None
        )
        job_module.wait_until_ready(self.child, BOOT_SECONDS)
        self.writer.send_json(
            frames.HELLO,
            {
                "protocol": frames.PROTOCOL_VERSION,
                "language": self.language,
                "isolation": isolation,
            },
        )
        self.writer.flush()

    def serve(self):
        """Handles frames until the host goes away."""
        while True:
            arrived = self.reader.read_available()
            if arrived is None:
                raise HostGone()
            for kind, payload in arrived:
                self.handle(kind, payload)
            self.writer.flush()

    def handle(self, kind, payload):
        if kind == frames.WRITE_FILE:
            self.write_file(payload)
        elif kind == frames.READ_FILE:
            self.read_file(payload.decode("utf-8"))
        elif kind == frames.JOB:
            self.run_job(payload)
        else:
            raise frames.ProtocolError("unknown frame %r" % kind)

    def write_file(self, payload):
        is_last = payload[0] & 2 != 0
        is_append = payload[0] & 1 != 0
        belongs_to_job = payload[0] & 4 != 0
        path_end = 3 + int.from_bytes(payload[1:3], "big")
        path = payload[3:path_end].decode("utf-8")
        if not is_append:
            self.failed_write = None
        if self.failed_write is None:
            try:
                with child_process.as_user():
                    work_folder.write_piece(child_process.WORK_FOLDER, path, payload[path_end:], is_append)
            except OSError as error:
                self.failed_write = {"path": path, "errno": error.errno or 0, "reason": error.strerror or "failed"}
                self.is_job_refused = self.is_job_refused or belongs_to_job
        if is_last:
            self.writer.send_json(frames.ACKNOWLEDGE, {"path": path, "failure": self.failed_write})

    def read_file(self, path):
        try:
            with child_process.as_user():
                fd, size = work_folder.open_file(child_process.WORK_FOLDER, path)
        except OSError as error:
            failure = {"path": path, "errno": error.errno or 0, "reason": error.strerror or "failed"}
            self.writer.send_json(frames.FILE_START, {"path": path, "sizeBytes": 0, "failure": failure})
            return
        try:
            self.writer.send_json(frames.FILE_START, {"path": path, "sizeBytes": size, "failure": None})
            job_module.send_file(self.writer, fd, size)
        finally:
            os.close(fd)

    def run_job(self, payload):
        if self.child is None:
            raise frames.ProtocolError("a second job")
        if self.is_job_refused:
            # The host has been told which file is to blame, and throws this container away.
            return
        running, self.child = self.child, None
        job_module.Job(self.writer, running, payload).run()


def main():
    supervisor = Supervisor(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    try:
        supervisor.boot()
        supervisor.serve()
    except (HostGone, BrokenPipeError):
        os._exit(0)


if __name__ == "__main__":
    main()
