"""Where requests of the host arrive, carried by relays, and where answers wait.

A request says from which position on it carries bytes for us, up to which position the host has ours, and how long it waits for more. So one that comes twice, or
whose answer was lost, changes nothing. Requests and answers are sealed with a secret that is only in the memory of the host and of this process: whoever else finds the socket gets no answer.
The host may admit a second secret, for those who are to take the sandbox over.

request: 16 bytes nonce, 32 bytes HMAC-SHA256 of "request", nonce and the rest; then 4 bytes length, that much JSON {at, acked, waitMs, maxBytes, connection, takeover}, and bytes from position
`at` on.
answer: 32 bytes HMAC-SHA256 of "answer", the nonce of the request and the rest; then 4 bytes length, that much JSON {received, at, busy, remainingMs}, and bytes from position `at` on.

Positions are those of one connection, which the host names by random letters. The first one that speaks has the sandbox until another takes it over; what a former one says is answered with
{"takenOver": true} and changes nothing.
"""

import hmac
import json
import os
import socket
import time

from event_loop import READ, WRITE

_NONCE_BYTES = 16
_SEAL_BYTES = 32
_MAX_REQUEST_BYTES = 16 * 1024 * 1024
_MAX_CONNECTIONS = 32
# What a program writes right after its start and before its end travels together.
_GATHER_SECONDS = 0.02
_GATHER_BYTES = 64 * 1024
_TAKEN_OVER = {"received": 0, "at": 0, "busy": False, "takenOver": True}


class Mailbox:
    def __init__(self, loop, secret, writer, take, take_over, describe):
        """take(bytes) is given what the host sent, in order and once; take_over() is called when another connection begins to speak. describe() gives what answers say besides."""
        self._loop = loop
        self._secrets = [secret]
        self._writer = writer
        self._take = take
        self._take_over = take_over
        self._describe = describe
        self._connection = None
        self._former = set()
        self._received = 0
        self._held = None
        self._connections = []
        self._pending_since = None
        self.heard_at = time.monotonic()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.bind("socket")
        os.chmod("socket", 0o600)
        self._socket.listen(16)
        loop.watch(self._socket.fileno(), READ, self._accept)

    def admit(self, secret):
        """From now on whoever has this secret may speak, too."""
        self._secrets.append(secret)

    def seconds_until_due(self, is_busy):
        """When the request that waits is to be answered; None when none waits."""
        if self._held is None:
            return None
        until = self._held.until
        if self._writer.end > self._held.acked:
            self._pending_since = self._pending_since or time.monotonic()
            gathered = self._writer.end - self._held.acked >= _GATHER_BYTES
            until = min(until, self._pending_since + (0 if gathered else _GATHER_SECONDS))
        return 0 if not is_busy else until - time.monotonic()

    def answer_due(self, is_busy):
        seconds = self.seconds_until_due(is_busy)
        if seconds is not None and seconds <= 0:
            self._answer_held(is_busy)

    def _answer_held(self, is_busy):
        held, self._held = self._held, None
        self._pending_since = None
        at, data = self._writer.peek(held.acked, held.max_bytes)
        self._reply(held.caller, {"received": self._received, "at": at, "busy": is_busy, **self._describe()}, data)

    def _reply(self, caller, header, data=b""):
        text = json.dumps(header).encode("ascii")
        body = len(text).to_bytes(4, "big") + text + data
        caller.connection.reply(_seal(caller.secret, b"answer", caller.nonce, body) + body)

    def _accept(self):
        try:
            connection, _ = self._socket.accept()
        except BlockingIOError:
            return
        # Whoever opens many and says nothing loses the oldest.
        if len(self._connections) >= _MAX_CONNECTIONS:
            self._connections[0].close()
        self._connections.append(_Connection(self._loop, connection, self._on_request, self._connections.remove))

    def _on_request(self, connection, message):
        nonce, seal, body = message[:_NONCE_BYTES], message[_NONCE_BYTES : _NONCE_BYTES + _SEAL_BYTES], message[_NONCE_BYTES + _SEAL_BYTES :]
        secret = next((one for one in self._secrets if hmac.compare_digest(seal, _seal(one, b"request", nonce, body))), None)
        if secret is None or len(body) < 4:
            connection.close()
            return
        caller = _Caller(connection, nonce, secret)
        header_end = 4 + int.from_bytes(body[:4], "big")
        header = json.loads(body[4:header_end])
        if not self._is_holder(header):
            self._reply(caller, _TAKEN_OVER)
            return
        self.heard_at = time.monotonic()
        if self._held is not None:
            # The host has given that one up.
            self._answer_held(True)
        self._writer.forget_before(header["acked"])
        news = body[header_end:][max(0, self._received - header["at"]) :]
        if header["at"] <= self._received:
            self._received += len(news)
            self._take(news)
        self._held = _Held(caller, header)


    def _is_holder(self, header):
        """Whether a request is of the connection that has the sandbox, or has it from now on."""
        name = header.get("connection")
        if self._connection is None or name == self._connection:
            self._connection = name
            return True
        if not header.get("takeover") or name in self._former:
            return False
        self._former.add(self._connection)
        self._connection = name
        if self._held is not None:
            held, self._held = self._held, None
            self._pending_since = None
            self._reply(held.caller, _TAKEN_OVER)
        self._take_over()
        self._received = 0
        self._writer.begin_anew()
        return True


def _seal(secret, direction, nonce, body):
    return hmac.new(secret, direction + nonce + body, "sha256").digest()


class _Caller:
    """Where an answer goes, and under which seal."""

    def __init__(self, connection, nonce, secret):
        self.connection = connection
        self.nonce = nonce
        self.secret = secret


class _Held:
    def __init__(self, caller, header):
        self.caller = caller
        self.acked = header["acked"]
        self.max_bytes = header["maxBytes"]
        self.until = time.monotonic() + header["waitMs"] / 1000


class _Connection:
    """One relay: a length, a request, an answer, the end."""

    def __init__(self, loop, connection, on_request, on_close):
        self._loop = loop
        self._connection = connection
        self._on_request = on_request
        self._on_close = on_close
        self._input = bytearray()
        self._output = memoryview(b"")
        connection.setblocking(False)
        self._descriptor = connection.fileno()
        loop.watch(self._descriptor, READ, self._read)

    def close(self):
        if self._connection is not None:
            self._loop.forget(self._descriptor)
            self._connection.close()
            self._connection = None
            self._on_close(self)

    def reply(self, data):
        if self._connection is not None:
            self._output = memoryview(data)
            self._loop.forget(self._descriptor)
            self._loop.watch(self._descriptor, WRITE, self._write)
            self._write()

    def _read(self):
        try:
            data = self._connection.recv(262144)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        self._input += data
        size = int.from_bytes(self._input[:4], "big")
        if len(self._input) < 4:
            return
        if size > _MAX_REQUEST_BYTES:
            self.close()
        elif len(self._input) >= 4 + size:
            message, self._input = bytes(self._input[4 : 4 + size]), bytearray()
            self._on_request(self, message)

    def _write(self):
        try:
            while self._output:
                self._output = self._output[self._connection.send(self._output) :]
        except BlockingIOError:
            return
        except OSError:
            self._output = memoryview(b"")
        self.close()
