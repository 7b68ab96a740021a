"""Carries one request to the supervisor, and its answer to standard output, between marks that nothing else can contain. It keeps no secret and is trusted with none.

It comes as a word of the command each time, since a file could be of somebody else by then; there is therefore no apostrophe in it.
"""

# What modules of Python are made of: a relay lives for one request, and most of that is its start.
import binascii
import os
import sys

_NONCE_BYTES = 16


def main():
    folder, argument = sys.argv[1:]
    path = os.path.abspath(argument[1:]) if argument.startswith("@") else None
    if path is None:
        request = binascii.a2b_base64(argument.replace("-", "+").replace("_", "/") + "=" * (-len(argument) % 4))
    else:
        with open(path, "rb") as file:
            request = file.read()
    mark = request[:_NONCE_BYTES].hex()
    os.chdir(folder)
    reply = ask_supervisor(request)  # noqa: F821
    sys.stdout.write("\n%s:%s:%s\n" % (mark, "gone" if reply is None else binascii.b2a_base64(reply, newline=False).decode("ascii"), mark))
    if path is not None and reply:
        os.unlink(path)


main()
