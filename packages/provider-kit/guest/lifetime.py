"""When a sandbox ends by itself: after some time without a call, and after a life of some length."""

import time

# What is left to the host, whose own timer ends a program at the end of the sandbox's life, and says so.
_RUN_GRACE_SECONDS = 2


class Lifetime:
    def __init__(self, seconds):
        """`seconds` is how long the sandbox may wait to be claimed; None when it has no end of its own."""
        self._idle_seconds = None
        self._idle_since = time.monotonic()
        self._ends_at = None if seconds is None else time.monotonic() + seconds

    def set(self, idle_ms, remaining_ms):
        now = time.monotonic()
        self._idle_seconds = None if idle_ms is None else idle_ms / 1000
        self._ends_at = None if remaining_ms is None else now + remaining_ms / 1000
        self._idle_since = now

    def remaining_ms(self):
        return None if self._ends_at is None else max(0, int((self._ends_at - time.monotonic()) * 1000))

    def note_activity(self):
        self._idle_since = time.monotonic()

    def seconds_left(self, is_busy):
        """Seconds until the end, as far as is known now; None when there is none."""
        ends = []
        if self._ends_at is not None:
            ends.append(self._ends_at + (_RUN_GRACE_SECONDS if is_busy else 0))
        if self._idle_seconds is not None and not is_busy:
            ends.append(self._idle_since + self._idle_seconds)
        return min(ends) - time.monotonic() if ends else None
