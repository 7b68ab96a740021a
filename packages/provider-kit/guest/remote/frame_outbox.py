"""Frames for the host, which fetches them."""

import frames


class FrameOutbox(frames.FrameQueue):
    """Keeps what is for the host until the host says that it has it."""

    def __init__(self):
        super().__init__()
        self._base = 0

    @property
    def end(self):
        """How many bytes there have ever been."""
        return self._base + len(self._buffer)

    def forget_before(self, position):
        position = min(position, self.end)
        if position > self._base:
            del self._buffer[: position - self._base]
            self._base = position

    def begin_anew(self):
        """Nothing that is here is for the connection that speaks now."""
        self._buffer.clear()
        self._base = 0

    def peek(self, position, max_bytes):
        """(position, bytes) from a position on, or from the first that is still here."""
        start = max(position, self._base)
        offset = start - self._base
        return start, bytes(memoryview(self._buffer)[offset : offset + max_bytes])
