"""Frames between the host and the supervisor: one type byte, a 4-byte big-endian length, the payload.

The host's half is frame-codec.ts; both name the same PROTOCOL_VERSION.
"""

import json
import os
import struct

PROTOCOL_VERSION = 1

# From the host.
WRITE_FILE = b"W"
READ_FILE = b"R"
JOB = b"J"

# To the host.
HELLO = b"H"
ACKNOWLEDGE = b"A"
STARTED = b"S"
STDOUT = b"O"
STDERR = b"E"
REPORT = b"V"
EXITED = b"X"
FILE_START = b"F"
FILE_DATA = b"f"
DONE = b"D"

# Larger than any frame the host sends: a job with 8 MiB of arguments, 1 MiB of code and JSON escapes.
MAX_FRAME_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 256 * 1024

_HEADER = struct.Struct(">cI")


class ProtocolError(Exception):
    """The host sent something that is not in the protocol; the container ends."""


class FrameReader:
    """Cuts the host's byte stream into frames without ever reading past what has arrived."""

    def __init__(self, fd):
        self._fd = fd
        self._buffer = bytearray()

    def read_available(self):
        """One read. Returns the frames that are complete, or None at the end of the stream."""
        data = os.read(self._fd, CHUNK_BYTES)
        if not data:
            return None
        self._buffer += data
        return list(self._cut())

    def _cut(self):
        while len(self._buffer) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._buffer)
            if length > MAX_FRAME_BYTES:
                raise ProtocolError("frame of %d bytes" % length)
            end = _HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(memoryview(self._buffer)[_HEADER.size : end])
            del self._buffer[:end]
            yield kind, payload


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


class FrameWriter:
    """Collects frames for the host and writes them together, since each write crosses two processes on its way.

    Writing blocks: a host that does not read stops the program's output, not its deadline.
    """

    def __init__(self, fd):
        self._fd = fd
        self._buffer = bytearray()

    def send(self, kind, payload=b""):
        self._buffer += _HEADER.pack(kind, len(payload))
        self._buffer += payload
        if len(self._buffer) >= CHUNK_BYTES:
            self.flush()

    def send_json(self, kind, value):
        self.send(kind, json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii"))

    def flush(self):
        data, self._buffer = self._buffer, bytearray()
        write_all(self._fd, data)
