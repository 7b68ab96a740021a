"""Frames between the host and the supervisor, as in the kit's frame-codec.ts: one type byte, a 4-byte big-endian length, the payload. In frames of the
host a byte stands between type and length, which is not used here.
"""

import json
import struct

# From the host.
WRITE_FILE = b"W"
READ_FILE = b"R"
READ_MORE = b"M"
READ_STOP = b"U"
JOB = b"J"
INPUT = b"I"
INPUT_END = b"Z"
KILL = b"K"

# To the host.
ACKNOWLEDGE = b"A"
STARTED = b"S"
STDOUT = b"O"
STDERR = b"E"
REPORT = b"V"
EXITED = b"X"
FILE_START = b"F"
FILE_DATA = b"f"
FILE_END = b"e"
DONE = b"D"
INPUT_CREDIT = b"c"
INPUT_CLOSED = b"z"

# Larger than any frame the host sends: a job with 8 MiB of arguments, 1 MiB of code and JSON escapes.
MAX_FRAME_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 256 * 1024

# Bytes that wait for the host before the program's output is left where it is, and before it is taken up again.
_FULL_BYTES = 1024 * 1024
_ROOM_BYTES = 256 * 1024

_HEADER = struct.Struct(">cI")
_HOST_HEADER = struct.Struct(">cBI")


class ProtocolError(Exception):
    """The host sent something that is not in the protocol."""


class FrameReader:
    """Cuts the host's bytes into frames."""

    def __init__(self):
        self._buffer = bytearray()

    def push(self, data):
        self._buffer += data
        while len(self._buffer) >= _HOST_HEADER.size:
            kind, _, length = _HOST_HEADER.unpack_from(self._buffer)
            if length > MAX_FRAME_BYTES:
                raise ProtocolError("frame of %d bytes" % length)
            end = _HOST_HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(memoryview(self._buffer)[_HOST_HEADER.size : end])
            del self._buffer[:end]
            yield kind, payload


class FrameWriter:
    """Keeps what is for the host until the host says that it has it."""

    def __init__(self):
        self._buffer = bytearray()
        self._base = 0

    @property
    def end(self):
        """How many bytes there have ever been."""
        return self._base + len(self._buffer)

    @property
    def is_full(self):
        """The host does not keep up: nothing more should be read from the program."""
        return len(self._buffer) >= _FULL_BYTES

    @property
    def has_room(self):
        return len(self._buffer) <= _ROOM_BYTES

    def send(self, kind, payload=b""):
        self._buffer += _HEADER.pack(kind, len(payload))
        self._buffer += payload

    def send_json(self, kind, value):
        self.send(kind, json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii"))

    def forget_before(self, position):
        position = min(position, self.end)
        if position > self._base:
            del self._buffer[: position - self._base]
            self._base = position

    def peek(self, position, max_bytes):
        """(position, bytes) from a position on, or from the first that is still here."""
        start = max(position, self._base)
        offset = start - self._base
        return start, bytes(memoryview(self._buffer)[offset : offset + max_bytes])
