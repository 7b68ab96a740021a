"""Sets our supervisor up in a sandbox, starts it apart from whoever called, and says on one line of JSON what it found.

It is carried into the sandbox with a line before these that names BUNDLE. Where that was as a file, it takes itself away first. Nothing in it is secret; what it prints is, and goes to the host alone.
"""

# As few modules as can be: whoever waits for the sandbox waits for them.
import binascii
import json
import os
import sys
import zlib

_READY_SECONDS = 20
_OLDEST_NODE = 18


def main():
    if "__file__" in globals():
        os.unlink(os.path.abspath(__file__))
    bundle = json.loads(zlib.decompress(binascii.a2b_base64(BUNDLE)))  # noqa: F821
    folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), "sandport-" + (bundle["settings"]["folderName"] or os.urandom(8).hex()))
    os.mkdir(folder, 0o700)
    private = os.path.join(folder, "private")
    os.makedirs(private, mode=0o700)
    write_files(private, bundle["private"], 0o600)
    write_files(os.path.join(folder, "runners"), bundle["runners"], 0o644)
    # What lies there is ours, and closed; the way to it need not be.
    os.chmod(folder, 0o711)
    sys.dont_write_bytecode = True
    sys.path.insert(0, private)
    import program_user
    import reachable

    is_javascript = bundle["settings"]["language"] == "javascript"
    node = find_node(reachable) if is_javascript else None
    facts = {"folder": folder, "executable": os.path.realpath(sys.executable), "python": "%d.%d.%d" % sys.version_info[:3], "node": node and node["version"]}
    if is_javascript and node is None:
        print(json.dumps({**facts, "problem": "no-node"}), flush=True)
        return facts
    settings = {**bundle["settings"], "folder": folder, "nodeMajor": node and node["major"]}
    name, preferred = ("node", node["path"]) if is_javascript else ("python3", sys.executable)
    settings["interpreter"], is_for_all = reachable.find_program(name, preferred)
    settings["ownUser"] = program_user.may_be_chosen() and is_for_all and reachable.is_for_all(folder, 0o001)
    print(json.dumps({**facts, **start_supervisor(private, settings)}), flush=True)
    return facts


def write_files(folder, files, mode):
    os.makedirs(folder, mode=0o755, exist_ok=True)
    for name, text in files.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)


def find_node(reachable):
    import re
    import subprocess

    path = reachable.which("node")
    if path is None:
        return None
    try:
        answer = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.fullmatch(r"v(\d+)\.[0-9.]+", answer.stdout.strip())
    if version is None or int(version[1]) < _OLDEST_NODE:
        return None
    return {"path": path, "version": answer.stdout.strip(), "major": int(version[1])}


def start_supervisor(private, settings):
    """Starts it so that it outlives the call that carries this, and whatever the service ends with that call."""
    news, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        become_supervisor(private, settings, writer)
    os.close(writer)
    os.waitpid(child, 0)
    return read_news(news, private)


def become_supervisor(private, settings, writer):
    try:
        null = os.open(os.devnull, os.O_RDWR)
        log = os.open(os.path.join(private, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor, target in ((null, 0), (null, 1), (log, 2)):
            os.dup2(descriptor, target)
        kept = os.dup2(writer, 3)
        os.closerange(4, 4096)
        os.chdir(private)
        import supervisor

        supervisor.main(settings, kept)
    except BaseException:
        import traceback

        traceback.print_exc()
    os._exit(1)


def read_news(news, private):
    import select

    text = b""
    while True:
        readable, _, _ = select.select([news], [], [], _READY_SECONDS)
        data = os.read(news, 65536) if readable else b""
        if not data:
            break
        text += data
    if text:
        return json.loads(text)
    try:
        with open(os.path.join(private, "log"), encoding="utf-8", errors="replace") as log:
            return {"problem": "not-started", "log": log.read()[-2000:]}
    except OSError:
        return {"problem": "not-started", "log": ""}


FACTS = main()
