"""Waits for descriptors and calls whoever asked for them."""

import select

READ = select.POLLIN
WRITE = select.POLLOUT


class EventLoop:
    def __init__(self):
        self._poller = select.poll()
        self._handlers = {}

    def watch(self, fd, events, handler):
        """Calls handler() whenever the descriptor is ready, or has reached its end. One handler for each descriptor."""
        self._handlers[fd] = handler
        self._poller.register(fd, events)

    def forget(self, fd):
        """From now on nobody is called. Fine when nobody was."""
        if self._handlers.pop(fd, None) is not None:
            self._poller.unregister(fd)

    def is_watched(self, fd):
        return fd in self._handlers

    def run_once(self, timeout_seconds):
        """Waits once and calls everybody whose descriptor is ready."""
        ready = self._poller.poll(None if timeout_seconds is None else max(0, timeout_seconds * 1000))
        for fd, handler in [(fd, self._handlers[fd]) for fd, _ in ready]:
            # A handler before it may have let go of this descriptor, and its number may be another one's by now.
            if self._handlers.get(fd) is handler:
                handler()
