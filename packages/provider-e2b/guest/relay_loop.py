"""Carries requests of the host to the supervisor and its answers back, a line each, for as long as the host keeps it. It keeps no secret and is trusted with none.

It follows boot.py, or a line that says what boot.py found, in one program. A line that is no request is passed over: it may be half of one that was sent again.
"""

import binascii
import os
import sys
import threading

_NONCE_BYTES = 16


def relay(folder):
    try:
        # Who takes a sandbox over does not know where its temporary files lie. The path of a socket must be short.
        os.chdir(folder.replace("$TMPDIR", os.environ.get("TMPDIR", "/tmp")))
    except (FileNotFoundError, NotADirectoryError):
        # No supervisor is there. Nor is there a socket here: every request is told so.
        os.chdir("/")
    lock = threading.Lock()
    for line in sys.stdin.buffer:
        try:
            request = binascii.a2b_base64(line)
        except ValueError:
            continue
        if len(request) > _NONCE_BYTES:
            # One may wait for what a program says while another brings something new.
            threading.Thread(target=carry, args=(request, lock), daemon=True).start()


def carry(request, lock):
    reply = ask_supervisor(request)  # noqa: F821
    mark = request[:_NONCE_BYTES].hex().encode("ascii")
    text = b"gone" if reply is None else binascii.b2a_base64(reply, newline=False)
    with lock:
        sys.stdout.buffer.write(b"\n" + mark + b":" + text + b":" + mark + b"\n")
        sys.stdout.buffer.flush()


if "folder" in FACTS:  # noqa: F821
    relay(FACTS["folder"] + "/private")  # noqa: F821
