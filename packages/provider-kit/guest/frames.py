"""Frames between the host and a supervisor: one type byte, a 4-byte big-endian length, the payload. In frames of the host a byte stands between
type and length that tells one connection from the next.

The host's half is frame-codec.ts; both name the same PROTOCOL_VERSION.
"""

import json
import struct

PROTOCOL_VERSION = 2

# From the host.
WRITE_FILE = b"W"
READ_FILE = b"R"
READ_MORE = b"M"
READ_STOP = b"U"
JOB = b"J"
INPUT = b"I"
INPUT_END = b"Z"
KILL = b"K"
INTERRUPT = b"N"
OPEN_CONTEXT = b"B"
CLOSE_CONTEXT = b"Q"
LIFETIME = b"L"
TOKEN = b"T"

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
FILE_END = b"e"
DONE = b"D"
INPUT_CREDIT = b"c"
INPUT_CLOSED = b"z"
CONTEXT = b"b"
LIFETIME_SET = b"l"
TAKEN_OVER = b"t"

# Larger than any frame the host sends: a job with 8 MiB of arguments, 1 MiB of code and JSON escapes.
MAX_FRAME_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 256 * 1024

# Bytes that wait for the host before the program's output is left where it is, and before it is taken up again.
_FULL_BYTES = 1024 * 1024
_ROOM_BYTES = 256 * 1024

_HEADER = struct.Struct(">cI")
_HOST_HEADER = struct.Struct(">cBI")


class ProtocolError(Exception):
    """The host sent something that is not in the protocol; the sandbox ends."""


def cut(buffer):
    """Takes the whole frames off the beginning of a bytearray, as (type, epoch, payload)."""
    while len(buffer) >= _HOST_HEADER.size:
        kind, epoch, length = _HOST_HEADER.unpack_from(buffer)
        if length > MAX_FRAME_BYTES:
            raise ProtocolError("frame of %d bytes" % length)
        end = _HOST_HEADER.size + length
        if len(buffer) < end:
            return
        payload = bytes(memoryview(buffer)[_HOST_HEADER.size : end])
        del buffer[:end]
        yield kind, epoch, payload


class FrameQueue:
    """Frames that wait for the host. How they get there is for whoever makes more of this."""

    def __init__(self):
        self._buffer = bytearray()

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
