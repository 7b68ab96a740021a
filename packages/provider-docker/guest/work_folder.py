"""Opens files below the work folder without following a link anywhere on the way."""

import os
import stat

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NOT_REGULAR = 22  # EINVAL: the host takes it as "no regular file there".


def write_file(root, path, data, append):
    """Creates or continues a regular file, with the folders that lead to it."""
    *folders, name = path.split("/")
    parent = os.open(root, _FOLDER_FLAGS)
    try:
        for folder in folders:
            child = _make_folder(parent, folder)
            os.close(parent)
            parent = child
        mode = os.O_APPEND if append else os.O_CREAT | os.O_TRUNC
        fd = os.open(name, os.O_WRONLY | mode | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644, dir_fd=parent)
    finally:
        os.close(parent)
    with os.fdopen(fd, "wb", buffering=0) as file:
        _require_regular(file.fileno())
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]


def open_file(root, path):
    """Opens a regular file for reading. Returns its descriptor and size."""
    *folders, name = path.split("/")
    parent = os.open(root, _FOLDER_FLAGS)
    try:
        for folder in folders:
            child = os.open(folder, _FOLDER_FLAGS, dir_fd=parent)
            os.close(parent)
            parent = child
        # Not blocking: a named pipe without a writer would keep us here for ever.
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    finally:
        os.close(parent)
    try:
        return fd, _require_regular(fd)
    except OSError:
        os.close(fd)
        raise


def _make_folder(parent, folder):
    """The folder below `parent`, made when it is missing."""
    try:
        os.mkdir(folder, 0o755, dir_fd=parent)
    except FileExistsError:
        # Opening it says whether it is a folder.
        pass
    return os.open(folder, _FOLDER_FLAGS, dir_fd=parent)


def _require_regular(fd):
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(_NOT_REGULAR, "not a regular file")
    return status.st_size
