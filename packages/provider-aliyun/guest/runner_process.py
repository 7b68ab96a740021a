"""The process that runs the user's program: started ahead of time, with as little as can be, waiting for its job."""

import os
import signal
import traceback

import confinement
from runner_channels import RunnerProcess, open_pipes, place_descriptors

# More than the supervisor ever has open.
_DESCRIPTORS_END = 4096
# Node knows the first flag since 20.11; before, everything is silenced.
_FIRST_NODE_WITH_FLAG = 20


def start(settings, user, work_folder, temporary_folder):
    """Starts a runner of the sandbox's language and returns at once."""
    ours, theirs = open_pipes()
    supervisor_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            place_descriptors(theirs, _DESCRIPTORS_END)
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
    return RunnerProcess(user, ours, pid)


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
