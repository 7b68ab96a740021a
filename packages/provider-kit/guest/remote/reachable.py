"""Finds what a user may use who is nobody in particular."""

import os

_USUAL_FOLDERS = "/usr/local/bin:/usr/bin:/bin"


def find_program(name, preferred):
    """(path, whether any user may run it): the preferred one if any user may, else another by that name, else the preferred one all the same."""
    for path in [preferred, *_all_of(name)]:
        if is_for_all(path, 0o005):
            return path, True
    return preferred, False


def which(name):
    """The program that the shell would take; None when there is none."""
    return next(_all_of(name), None)


def _all_of(name):
    for folder in (os.environ.get("PATH", "") + ":" + _USUAL_FOLDERS).split(":"):
        path = os.path.join(folder, name)
        if folder.startswith("/") and os.path.isfile(path) and os.access(path, os.X_OK):
            yield path


def is_for_all(path, bits):
    """Whether every user may go the way to a path, and has these rights there."""
    path = os.path.realpath(path)
    if os.stat(path).st_mode & bits != bits:
        return False
    while path != "/":
        path = os.path.dirname(path)
        if not os.stat(path).st_mode & 0o001:
            return False
    return True
