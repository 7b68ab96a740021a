"""The processes that run the user's programs: started ahead of time, each as an unprivileged user, waiting for its job."""

import ctypes
import os
import resource
import traceback

from runner_channels import RunnerProcess, open_pipes, place_descriptors

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

# More than the supervisor and the parent of the Python programs ever have open.
_DESCRIPTORS_END = 256
_PR_SET_DUMPABLE = 4

# The supervisor, the parent of the Python programs, one that is being born and the program's first process are there before the program starts any.
_PROCESSES_BEFORE = 4


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
        place_descriptors(pipes, _DESCRIPTORS_END)
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
