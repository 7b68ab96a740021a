"""Takes and gives files of the work folder in pieces, as the protocol carries them. No link is followed."""

import os

import safe_files


def write_piece(root, path, data, is_append):
    """Creates, replaces or continues a regular file, with the folders that lead to it."""
    flags = os.O_WRONLY | (os.O_APPEND if is_append else os.O_CREAT)
    with os.fdopen(_open(root, path, flags, create=True), "wb", buffering=0) as file:
        if not is_append:
            file.truncate(0)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]


def open_file(root, path):
    """Opens a regular file for reading. Returns its descriptor and size."""
    descriptor = _open(root, path, os.O_RDONLY, create=False)
    return descriptor, os.fstat(descriptor).st_size


def _open(root, path, flags, create):
    *folders, name = path.split("/")
    root_descriptor = safe_files.open_root(root)
    try:
        parent = safe_files.open_folder(root_descriptor, folders, create)
    finally:
        os.close(root_descriptor)
    try:
        return safe_files.open_regular_file(parent, name, flags)
    finally:
        os.close(parent)
