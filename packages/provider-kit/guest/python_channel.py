"""The two channels between a runner and its host: jobs come in on one descriptor, reports leave on the other. See README.md."""

import json
import os


class JobChannel:
    """The descriptor that jobs arrive on. Forked children of the program have none."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        os.set_inheritable(descriptor, False)
        os.set_blocking(descriptor, True)
        os.register_at_fork(after_in_child=self.close)

    def read(self):
        """The next job, or None when the channel ends before a whole one came."""
        header = self._read_exactly(4)
        body = None if header is None else self._read_exactly(int.from_bytes(header, 'big'))
        return None if body is None else json.loads(body)

    def close(self):
        descriptor, self.descriptor = self.descriptor, None
        _close(descriptor)

    def _read_exactly(self, size):
        pieces = bytearray()
        while len(pieces) < size:
            piece = os.read(self.descriptor, min(size - len(pieces), 1024 * 1024))
            if not piece:
                return None
            pieces += piece
        return bytes(pieces)


class ReportChannel:
    """The descriptor that reports leave on. Forked children of the program have none."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        os.set_inheritable(descriptor, False)
        os.set_blocking(descriptor, True)
        os.register_at_fork(after_in_child=self.close)

    @property
    def is_open(self):
        return self._descriptor is not None

    def send_ready(self):
        os.write(self._descriptor, b'R')

    def send(self, kind, payload=b''):
        if self._descriptor is None:
            return
        rest = memoryview(kind + len(payload).to_bytes(4, 'big') + payload)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            # The program closed the descriptor: its report is lost, which the host sees as an empty channel.
            self.close()

    def close(self):
        descriptor, self._descriptor = self._descriptor, None
        _close(descriptor)


def _close(descriptor):
    if descriptor is not None:
        try:
            os.close(descriptor)
        except OSError:
            # Closed by the program already.
            return
