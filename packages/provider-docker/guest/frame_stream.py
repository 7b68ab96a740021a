"""Frames on the stream that leads to the host, which may pass from one connection to the next."""

import os

import frames

NONCE_BYTES = 16

# Not a frame of the host's: the reader's word for "another connection has taken over".
TAKEOVER = b"@"


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
        data = os.read(self._fd, frames.CHUNK_BYTES)
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
        for kind, epoch, payload in frames.cut(self._buffer):
            if epoch == self.epoch:
                yield kind, payload


class FrameWriter(frames.FrameQueue):
    """Collects frames for the host and writes what it takes, without ever waiting for it: the supervisor must hear the host while it is slow."""

    def __init__(self, fd):
        super().__init__()
        self._fd = fd
        os.set_blocking(fd, False)

    @property
    def is_pending(self):
        return len(self._buffer) > 0

    def send_raw(self, data):
        self._buffer += data

    def flush(self):
        """Writes as much as goes."""
        while self._buffer:
            try:
                written = os.write(self._fd, memoryview(self._buffer)[: frames.CHUNK_BYTES])
            except BlockingIOError:
                return
            del self._buffer[:written]
