"""The processes that run the user's programs: started ahead of time, each as an unprivileged user, waiting for its job."""

import ctypes
import fcntl
import os
import resource
import select
import traceback

# The user of plain programs. Contexts have users of their own, so that each can be ended with everything that it started.
PROGRAM_USER = 65534
CONTEXT_USERS = tuple(range(64001, 64009))
# All of them share the work folder.
GROUP_ID = 65534
WORK_FOLDER = "/workspace"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": WORK_FOLDER,
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",
}

NODE_COMMAND = (
    "/usr/local/bin/node",
    "--disable-warning=ExperimentalWarning",
    "--experimental-vm-modules",
)
GUEST_FOLDER = os.path.dirname(os.path.abspath(__file__))

# Where the runner finds its channels; see the runners' README.
JOB_FD = 3
REPORT_FD = 4
_PR_SET_DUMPABLE = 4

# The supervisor, the parent of the Python programs, one that is being born and the program's first process are there before the program starts any.
_PROCESSES_BEFORE = 4


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


def start_node(user, is_context, memory_bytes, processes):
    """Starts a JavaScript runner and returns at once."""
    ours, theirs = open_pipes()
    pid = os.fork()
    if pid == 0:
        become_user(user, processes, theirs)
        _run_node("javascript_context.cjs" if is_context else "javascript_runner.cjs", memory_bytes)
    for fd in theirs:
        os.close(fd)
    return RunnerProcess(user, ours, pid, takes_interrupt_as_job=is_context)


def become_user(user, processes, pipes):
    """Turns a forked process of root into one of the program's user, with its channels in place. What fails ends the process.

    `processes` is the limit that the program's own kernel shall keep, or None where the host's kernel does.
    """
    try:
        _place_descriptors(pipes)
        _limit_processes(processes)
        os.setgroups([])
        os.setresgid(GROUP_ID, GROUP_ID, GROUP_ID)
        os.setresuid(user, user, user)
        # Dropping the user id made the process undumpable, which would hide /proc/self from the program itself.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
        os.setsid()
        os.chdir(WORK_FOLDER)
        # What one program of the sandbox leaves, the next one may change, whichever user it has.
        os.umask(0o002)
    except BaseException:
        # The code of the parent must not go on here.
        traceback.print_exc()
        os._exit(126)


def _limit_processes(processes):
    """Under gVisor this counts within the container alone. Linux counts the user over all containers of the host: there it would not do."""
    if processes is not None:
        limit = max(1, processes - _PROCESSES_BEFORE)
        resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))


def _place_descriptors(pipes):
    """Moves the five pipe ends to 0 to 4 and closes everything else."""
    # First out of the way of the target numbers, then into place.
    parked = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 16) for fd in pipes]
    for target, fd in enumerate(parked):
        os.dup2(fd, target, inheritable=True)
    os.closerange(REPORT_FD + 1, 256)


def _run_node(program, memory_bytes):
    # V8's own heap limit lies above the container's memory, so that the kernel's counter decides, and not an abort of V8.
    heap_megabytes = max(256, memory_bytes // (1024 * 1024) * 2)
    try:
        os.execve(
            NODE_COMMAND[0],
            [*NODE_COMMAND, "--max-old-space-size=%d" % heap_megabytes, os.path.join(GUEST_FOLDER, program)],
            ENVIRONMENT,
        )
    except OSError:
        traceback.print_exc()
        os._exit(126)


class as_user:
    """Acts on files, and sends signals, as a program's user: with no more rights than the program itself has."""

    def __init__(self, user=PROGRAM_USER):
        self._user = user

    def __enter__(self):
        os.setegid(GROUP_ID)
        os.seteuid(self._user)

    def __exit__(self, *_):
        os.seteuid(0)
        os.setegid(0)
