"""Takes and gives files of the work folder in pieces, as the protocol carries them. No link is followed."""

import os

import frames
import safe_files


class FileWriting:
    """Files that the host writes, piece by piece. A file that failed once is acknowledged as failed with its last piece."""

    def __init__(self, writer, place):
        self._writer = writer
        self._place = place
        self._failure = None

    def take(self, payload):
        """Returns whether a file of a job could not be written, so that the job must not start."""
        flags = payload[0]
        is_append, is_last, belongs_to_job = flags & 1, flags & 2, flags & 4
        path_end = 3 + int.from_bytes(payload[1:3], "big")
        path = payload[3:path_end].decode("utf-8")
        if not is_append:
            self._failure = None
        if self._failure is None:
            try:
                self._write_piece(path, payload[path_end:], is_append)
            except OSError as error:
                self._failure = _failure_of(path, error)
        if is_last:
            self._writer.send_json(frames.ACKNOWLEDGE, {"path": path, "failure": self._failure})
        return self._failure is not None and bool(belongs_to_job)

    def _write_piece(self, path, data, is_append):
        """Creates, replaces or continues a regular file, with the folders that lead to it."""
        flags = os.O_WRONLY | (os.O_APPEND if is_append else os.O_CREAT)
        with self._place.user:
            descriptor = _open(self._place.work_folder, path, flags, create=True)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            if not is_append:
                file.truncate(0)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]


class FileReading:
    """A file on its way to the host, which says how much it takes."""

    def __init__(self, writer, place, path, credit_bytes):
        self._writer = writer
        self._credit_bytes = credit_bytes
        self._descriptor = None
        self._remaining = 0
        try:
            self._descriptor = _open_for_reading(place, path)
            self._remaining = os.fstat(self._descriptor).st_size
        except OSError as error:
            writer.send_json(frames.FILE_START, {"path": path, "sizeBytes": 0, "failure": _failure_of(path, error)})
            writer.send(frames.FILE_END)
            return
        writer.send_json(frames.FILE_START, {"path": path, "sizeBytes": self._remaining, "failure": None})

    @property
    def is_over(self):
        return self._descriptor is None

    def give_credit(self, credit_bytes):
        self._credit_bytes += credit_bytes

    def advance(self):
        """Sends what the host takes and there is room for."""
        while not self.is_over and not self._writer.is_full:
            size = min(frames.CHUNK_BYTES, self._remaining, self._credit_bytes)
            if self._remaining > 0 and size == 0:
                return
            data = os.read(self._descriptor, size) if size > 0 else b""
            if data:
                self._writer.send(frames.FILE_DATA, data)
                self._remaining -= len(data)
                self._credit_bytes -= len(data)
            if not data or self._remaining == 0:
                self.stop()

    def stop(self):
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._writer.send(frames.FILE_END)


def _failure_of(path, error):
    return {"path": path, "errno": error.errno or 0, "reason": error.strerror or "failed"}


def _open_for_reading(place, path):
    """Opens a regular file, as the user who may: what a context keeps to itself is still the caller's to read."""
    for user in (place.user, *place.context_users):
        try:
            with user:
                return _open(place.work_folder, path, os.O_RDONLY, create=False)
        except PermissionError as error:
            refused = error
    raise refused


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
