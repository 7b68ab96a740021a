"""Carries one request of the host to the supervisor and prints the answer, within an interpreter of the service that lives on."""


def carry_to_supervisor(folder, text):
    import binascii
    import os

    request = binascii.a2b_base64(text)
    home = os.getcwd()
    try:
        os.chdir(folder.replace("$TMPDIR", os.environ.get("TMPDIR", "/tmp")) + "/private")
        reply = ask_supervisor(request)  # noqa: F821
    except FileNotFoundError:
        reply = None
    finally:
        os.chdir(home)
    answer = "gone" if reply is None else binascii.b2a_base64(reply, newline=False).decode("ascii")
    mark = request[:16].hex()
    print("\n%s:%s:%s" % (mark, answer, mark), flush=True)
