"""Carries one request of the host to the supervisor and prints the answer, within an interpreter of the service that lives on."""

def __sandport_relay(folder, text):
    import _socket, binascii, os

    request = binascii.a2b_base64(text)
    mark = request[:16].hex()
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    reply = bytearray()
    home = os.getcwd()
    try:
        # The path of a socket must be short.
        os.chdir(folder.replace("$TMPDIR", os.environ.get("TMPDIR", "/tmp")) + "/private")
        connection.connect("socket")
        connection.sendall(len(request).to_bytes(4, "big") + request)
        while True:
            data = connection.recv(262144)
            if not data:
                break
            reply += data
        answer = binascii.b2a_base64(bytes(reply), newline=False).decode("ascii")
    except (FileNotFoundError, ConnectionRefusedError):
        answer = "gone"
    except (BrokenPipeError, ConnectionResetError):
        answer = ""
    finally:
        connection.close()
        os.chdir(home)
    print("\n%s:%s:%s" % (mark, answer, mark), flush=True)
