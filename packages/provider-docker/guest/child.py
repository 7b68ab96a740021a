"""The process that will run the user's program: started ahead of time, as an unprivileged user, waiting for its job."""

import ctypes
import fcntl
import gc
import importlib
import os
import resource
import traceback

import python_exit
import python_runner

USER_ID = 65534
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
_JOB_FD = 3
_REPORT_FD = 4
_PR_SET_DUMPABLE = 4


class Child:
    """Pipe ends and process id of a waiting runner."""

    def __init__(self, pid, stdout, stderr, job, report):
        self.pid = pid
        self.stdout = stdout
        self.stderr = stderr
        self.job = job
        self.report = report


# The supervisor and the program's first process are there before the program starts any.
_PROCESSES_BEFORE = 3


def start_child(language, memory_bytes, processes):
    """Forks a runner and returns at once; the runner says that it is ready on its report channel.

    `processes` is the limit that the program's own kernel shall keep, or None where the host's kernel does.
    """
    if language == "python":
        # A program with an async main would otherwise wait for it; a forked child has it for nothing.
        importlib.import_module("asyncio")
    stdout_read, stdout_write = os.pipe()
    stderr_read, stderr_write = os.pipe()
    job_read, job_write = os.pipe()
    report_read, report_write = os.pipe()
    # What is there before the program is not the program's garbage; leaving it alone also leaves its memory shared.
    gc.freeze()
    pid = os.fork()
    if pid == 0:
        _become_runner(language, memory_bytes, processes, (stdout_write, stderr_write, job_read, report_write))
    for fd in (stdout_write, stderr_write, job_read, report_write):
        os.close(fd)
    return Child(pid, stdout_read, stderr_read, job_write, report_read)


def _become_runner(language, memory_bytes, processes, pipes):
    """Never returns, except by the KeyboardInterrupt of a program, which ends the process as it ends any script."""
    try:
        _place_descriptors(pipes)
        _limit_processes(processes)
        os.setgroups([])
        os.setresgid(USER_ID, USER_ID, USER_ID)
        os.setresuid(USER_ID, USER_ID, USER_ID)
        # Dropping the user id made the process undumpable, which would hide /proc/self from the program itself.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
        os.setsid()
        os.chdir(WORK_FOLDER)
        os.umask(0o022)
        if language == "javascript":
            _run_javascript(memory_bytes)
        os.environ.clear()
        os.environ.update(ENVIRONMENT)
    except BaseException:
        # The supervisor's own code must not go on here.
        traceback.print_exc()
        os._exit(126)
    try:
        python_runner.run(_JOB_FD, _REPORT_FD)
    except SystemExit as ending:
        python_exit.end(ending.code)


def _limit_processes(processes):
    """Under gVisor this counts within the container alone. Linux counts the user over all containers of the host: there it would not do."""
    if processes is not None:
        limit = processes - _PROCESSES_BEFORE
        resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))


def _place_descriptors(pipes):
    """Moves the four pipe ends to 1 to 4, puts an empty input at 0 and closes everything else."""
    # First out of the way of the target numbers, then into place.
    parked = [_duplicate_above(fd, 16) for fd in pipes]
    empty = os.open("/dev/null", os.O_RDONLY)
    os.dup2(empty, 0)
    for target, fd in zip((1, 2, _JOB_FD, _REPORT_FD), parked):
        os.dup2(fd, target, inheritable=True)
    os.closerange(_REPORT_FD + 1, 256)


def _duplicate_above(fd, minimum):
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, minimum)


def _run_javascript(memory_bytes):
    # V8's own heap limit lies above the container's memory, so that the kernel's counter decides, and not an abort of V8.
    heap_megabytes = max(256, memory_bytes // (1024 * 1024) * 2)
    runner = os.path.join(GUEST_FOLDER, "javascript_runner.cjs")
    os.execve(NODE_COMMAND[0], [*NODE_COMMAND, "--max-old-space-size=%d" % heap_megabytes, runner], ENVIRONMENT)


class as_user:
    """Acts on files as the program's user. No program runs meanwhile: it has not started yet, or was killed."""

    def __enter__(self):
        os.setegid(USER_ID)
        os.seteuid(USER_ID)

    def __exit__(self, *_):
        os.seteuid(0)
        os.setegid(0)
