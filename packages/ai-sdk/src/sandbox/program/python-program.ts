/** Does what a session asks for in a sandbox of Python. */
export const PYTHON_PROGRAM = `import os
import sys

# What lies in the work folder must not stand in for the library.
sys.path = [folder for folder in sys.path if folder and os.path.abspath(folder) != os.getcwd()]

import stat
import subprocess


def main(operation, **given):
    try:
        return {"place": place, "command": command, "stat": stat_path, "list": list_folder, "delete": delete_file}[operation](**given)
    except OSError as error:
        return {"problem": error.strerror or type(error).__name__}


def shell():
    return next((path for path in ("/bin/bash", "/usr/bin/bash") if os.access(path, os.X_OK)), "/bin/sh")


def shell_command(text):
    path = shell()
    # Or else bash takes a socket as its input for a login from afar, and reads what lies in the work folder as its own settings.
    return [path, "--norc", "-c", text] if path.endswith("/bash") else [path, "-c", text]


def place():
    return {"workFolder": os.getcwd(), "shell": shell()}


def command(text, workingDirectory, environment):
    if not (os.path.isdir(workingDirectory) and os.access(workingDirectory, os.X_OK)):
        return {"isNoFolder": True}
    ended = subprocess.run(shell_command(text), cwd=workingDirectory, env={**os.environ, **environment})
    return {"exitCode": ended.returncode if ended.returncode >= 0 else 128 - ended.returncode}


def type_of(mode):
    if stat.S_ISLNK(mode):
        return "symlink"
    return "file" if stat.S_ISREG(mode) else "directory" if stat.S_ISDIR(mode) else "other"


def stat_path(path):
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return {"found": None}
    return {"found": {"type": type_of(found.st_mode), "size": found.st_size}}


def list_folder(path, count):
    entries = []
    try:
        with os.scandir(path) as listing:
            for entry in listing:
                if len(entries) == count:
                    return {"problem": "more than %d entries" % count}
                mode = entry.stat(follow_symlinks=False).st_mode
                entries.append({"name": entry.name.encode("utf-8", "replace").decode(), "type": type_of(mode)})
    except FileNotFoundError:
        return {"entries": None}
    return {"entries": entries}


def delete_file(path):
    try:
        if stat.S_ISDIR(os.lstat(path).st_mode):
            return {"problem": "it is a directory"}
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError):
        return {"isDeleted": False}
    return {"isDeleted": True}
`;
