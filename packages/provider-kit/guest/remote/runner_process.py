"""The processes that run the user's programs and cells: started with as little as can be, each waiting for its job."""

import os
import signal
import traceback

import confinement
from runner_channels import RunnerProcess, open_pipes, place_descriptors

# More than the supervisor ever has open.
_DESCRIPTORS_END = 4096
# Node knows the first flag since 20.11; before, everything is silenced.
_FIRST_NODE_WITH_FLAG = 20


def start(settings, place, user, is_context):
    """Starts a runner of the sandbox's language and returns at once."""
    ours, theirs = open_pipes()
    supervisor_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            place_descriptors(theirs, _DESCRIPTORS_END)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.setsid()
            os.umask(user.umask)
            os.chdir(place.work_folder)
            if is_context:
                # What its cells leave behind is told from what others leave by who its parent is.
                confinement.adopt_orphans()
            confinement.confine(user, supervisor_pid, settings["network"] == "none")
            command = _command(settings, is_context)
            os.execve(command[0], command, _environment(place))
        except BaseException:
            # The code of the parent must not go on here.
            traceback.print_exc()
            os._exit(126)
    for fd in theirs:
        os.close(fd)
    return RunnerProcess(user, ours, pid, takes_interrupt_as_job=is_context and settings["language"] == "javascript")


def _command(settings, is_context):
    runners = os.path.join(settings["folder"], "runners")
    if settings["language"] == "python":
        return [settings["interpreter"], "-X", "utf8", os.path.join(runners, "python_context.py" if is_context else "python_runner.py")]
    quiet = "--disable-warning=ExperimentalWarning" if settings["nodeMajor"] >= _FIRST_NODE_WITH_FLAG else "--no-warnings"
    return [settings["interpreter"], quiet, "--experimental-vm-modules", os.path.join(runners, "javascript_context.cjs" if is_context else "javascript_runner.cjs")]


def _environment(place):
    return {
        "PATH": os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin"),
        "HOME": place.work_folder,
        "TMPDIR": place.temporary_folder,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": os.path.join(place.temporary_folder, "matplotlib"),
    }
