"""Frames between the host and the supervisor: one type byte, a 4-byte big-endian length, the payload. In frames of the host a byte stands between
type and length that tells one connection from the next.

The host's half is frame-codec.ts; both name the same PROTOCOL_VERSION.
"""

import json
import os
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

# Not a frame of the host's: the reader's word for "another connection has taken over".
TAKEOVER = b"@"

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
NONCE_BYTES = 16

# Bytes that wait for the host before the program's output is left where it is, and before it is taken up again.
_FULL_BYTES = 1024 * 1024
_ROOM_BYTES = 256 * 1024

_HEADER = struct.Struct(">cI")
_HOST_HEADER = struct.Struct(">cBI")


class ProtocolError(Exception):
    """The host sent something that is not in the protocol; the container ends."""


class FrameReader:
    """Cuts the host's byte stream into frames without ever reading past what has arrived.

    A connection that ended within a frame leaves the stream at an unknown place. The next one therefore begins with the token that the
    first one agreed on, which stands in no frame; after it come a nonce and then whole frames again. What a former connection still says is passed over.
    """

    def __init__(self, fd):
        self._fd = fd
        self._buffer = bytearray()
        self._expects_nonce = False
        self.token = None
        self.epoch = 0

    def read_available(self):
        """One read. Returns the frames that are complete, or None at the end of the stream."""
        data = os.read(self._fd, CHUNK_BYTES)
        if not data:
            return None
        seen = len(self._buffer)
        self._buffer += data
        if self.token is not None:
            self._find_token(seen)
        return list(self._cut())

    def _find_token(self, seen):
        at = self._buffer.rfind(self.token, max(0, seen - len(self.token)))
        if at >= 0:
            del self._buffer[: at + len(self.token)]
            self._expects_nonce = True

    def _cut(self):
        if self._expects_nonce:
            if len(self._buffer) < NONCE_BYTES:
                return
            nonce = bytes(self._buffer[:NONCE_BYTES])
            del self._buffer[:NONCE_BYTES]
            self._expects_nonce = False
            self.epoch = (self.epoch + 1) % 256
            yield TAKEOVER, nonce
        while len(self._buffer) >= _HOST_HEADER.size:
            kind, epoch, length = _HOST_HEADER.unpack_from(self._buffer)
            if length > MAX_FRAME_BYTES:
                raise ProtocolError("frame of %d bytes" % length)
            end = _HOST_HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(memoryview(self._buffer)[_HOST_HEADER.size : end])
            del self._buffer[:end]
            if epoch == self.epoch:
                yield kind, payload


class FrameWriter:
    """Collects frames for the host and writes what it takes, without ever waiting for it: the supervisor must hear the host while it is slow."""

    def __init__(self, fd):
        self._fd = fd
        self._buffer = bytearray()
        os.set_blocking(fd, False)

    @property
    def is_pending(self):
        return len(self._buffer) > 0

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

    def send_raw(self, data):
        self._buffer += data

    def flush(self):
        """Writes as much as goes."""
        while self._buffer:
            try:
                written = os.write(self._fd, memoryview(self._buffer)[:CHUNK_BYTES])
            except BlockingIOError:
                return
            del self._buffer[:written]
