"""The channels between a supervisor and a runner: five pipes, at the descriptors where README.md has them."""

import fcntl
import os
import select

# Where the runner finds its channels.
JOB_FD = 3
REPORT_FD = 4


class RunnerProcess:
    """Pipe ends and process id of a runner. It says that it is ready on its report channel."""

    def __init__(self, user, pipes, pid, takes_interrupt_as_job=False):
        self.user = user
        self.pid = pid
        self.takes_interrupt_as_job = takes_interrupt_as_job
        self.stdin, self.stdout, self.stderr, self.job, self.report = pipes
        self.is_ready = False
        for fd in (self.stdin, self.stdout, self.stderr, self.job, self.report):
            os.set_blocking(fd, False)

    def wait_until_ready(self, seconds):
        """Blocks until the runner has booted. False when it has ended or time is over."""
        if not self.is_ready:
            readable, _, _ = select.select([self.report], [], [], seconds)
            self.is_ready = bool(readable) and os.read(self.report, 1) == b"R"
        return self.is_ready

    def close_input(self):
        if self.stdin is not None:
            os.close(self.stdin)
            self.stdin = None

    def close(self):
        self.close_input()
        for fd in (self.stdout, self.stderr, self.job, self.report):
            if fd is not None:
                os.close(fd)
        self.stdout = self.stderr = self.job = self.report = None


def open_pipes():
    """(our ends, the runner's ends), each in the order of descriptors 0 to 4."""
    pipes = [os.pipe() for _ in range(5)]
    # The runner reads from 0 and 3 and writes to the others.
    ours = [pipe[0 if index in (1, 2, 4) else 1] for index, pipe in enumerate(pipes)]
    theirs = [pipe[1 if index in (1, 2, 4) else 0] for index, pipe in enumerate(pipes)]
    return ours, theirs


def place_descriptors(pipes, end):
    """Moves the five pipe ends to 0 to 4 and closes every other descriptor below `end`."""
    # First out of the way of the target numbers, then into place.
    parked = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 16) for fd in pipes]
    for target, fd in enumerate(parked):
        os.dup2(fd, target, inheritable=True)
    os.closerange(REPORT_FD + 1, end)
