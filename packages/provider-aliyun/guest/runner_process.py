"""The process that runs the user's program: started ahead of time, with as little as can be, waiting for its job."""

import fcntl
import os
import select
import signal
import traceback

import confinement

# Where the runner finds its channels; see the runners' README in the kit.
JOB_FD = 3
REPORT_FD = 4
# Node knows the first flag since 20.11; before, everything is silenced.
_FIRST_NODE_WITH_FLAG = 20


class RunnerProcess:
    """Pipe ends and process id of a runner. It says that it is ready on its report channel."""

    def __init__(self, pipes, pid):
        self.pid = pid
        self.stdin, self.stdout, self.stderr, self.job, self.report = pipes
        self.is_ready = False
        for fd in pipes:
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


def start(settings, user, work_folder, temporary_folder):
    """Starts a runner of the sandbox's language and returns at once."""
    pipes = [os.pipe() for _ in range(5)]
    # The runner reads from 0 and 3 and writes to the others.
    ours = [pipe[0 if index in (1, 2, 4) else 1] for index, pipe in enumerate(pipes)]
    theirs = [pipe[1 if index in (1, 2, 4) else 0] for index, pipe in enumerate(pipes)]
    supervisor_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _place_descriptors(theirs)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.setsid()
            os.umask(0o022)
            os.chdir(work_folder)
            confinement.confine(user, supervisor_pid, settings["network"] == "none")
            command = _command(settings)
            os.execve(command[0], command, _environment(work_folder, temporary_folder))
        except BaseException:
            # The code of the parent must not go on here.
            traceback.print_exc()
            os._exit(126)
    for fd in theirs:
        os.close(fd)
    return RunnerProcess(ours, pid)


def _command(settings):
    runners = os.path.join(settings["folder"], "runners")
    if settings["language"] == "python":
        return [settings["interpreter"], "-X", "utf8", os.path.join(runners, "python_runner.py")]
    quiet = "--disable-warning=ExperimentalWarning" if settings["nodeMajor"] >= _FIRST_NODE_WITH_FLAG else "--no-warnings"
    return [settings["interpreter"], quiet, "--experimental-vm-modules", os.path.join(runners, "javascript_runner.cjs")]


def _environment(work_folder, temporary_folder):
    return {
        "PATH": os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin"),
        "HOME": work_folder,
        "TMPDIR": temporary_folder,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": os.path.join(temporary_folder, "matplotlib"),
    }


def _place_descriptors(pipes):
    """Moves the five pipe ends to 0 to 4 and closes everything else."""
    # First out of the way of the target numbers, then into place.
    parked = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 16) for fd in pipes]
    for target, fd in enumerate(parked):
        os.dup2(fd, target, inheritable=True)
    os.closerange(REPORT_FD + 1, 4096)
