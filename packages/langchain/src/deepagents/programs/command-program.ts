/**
 * Runs one command of a shell in the sandbox. Its output goes out while it runs, up to half of `limit`; of the rest the end is kept, so that a command that writes
 * without end is neither blocked nor ended for it. How it ended goes over the value channel, where nothing that it prints comes.
 *
 * Modules are never taken from the work folder: what lies there is not ours.
 */
export const COMMAND_PROGRAM = String.raw`
import sys
sys.path[:] = sys.path[1:]
import os
import shutil
import subprocess
import threading
import time

QUIET_SECONDS = 1
AFTERWARDS_SECONDS = 5


class Output:
    def __init__(self, limit):
        self.head_room = limit // 2
        self.tail_room = limit - self.head_room
        self.tail = bytearray()
        self.omitted = 0
        self.lock = threading.Lock()
        self.moved_at = time.monotonic()

    def add(self, data):
        with self.lock:
            self.moved_at = time.monotonic()
            if self.head_room > 0:
                data = self.show_head(data)
            self.tail += data
            drop = len(self.tail) - self.tail_room
            if drop > 0:
                while drop < len(self.tail) and self.tail[drop] & 0xC0 == 0x80:
                    drop += 1
                self.omitted += drop
                del self.tail[:drop]

    def show_head(self, data):
        cut = len(data)
        if cut > self.head_room:
            cut = self.head_room
            while cut > 0 and data[cut] & 0xC0 == 0x80:
                cut -= 1
        show(data[:cut])
        self.head_room = self.head_room - cut if cut == len(data) else 0
        return data[cut:]

    def end(self):
        with self.lock:
            if self.omitted == 0:
                show(self.tail)
                return '', 0
            return self.tail.decode('utf-8', 'replace'), self.omitted


def show(data):
    view = memoryview(bytes(data))
    while view:
        view = view[os.write(1, view):]


def follow(stream, output):
    while True:
        data = os.read(stream, 65536)
        if not data:
            return
        output.add(data)


def main(command, limit):
    output = Output(limit)
    shell = shutil.which('bash') or '/bin/sh'
    process = subprocess.Popen(
        [shell, '-c', command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )
    reader = threading.Thread(target=follow, args=(process.stdout.fileno(), output), daemon=True)
    reader.start()
    code = process.wait()
    ended_at = time.monotonic()
    # Something in the background may hold the stream open for ever.
    while reader.is_alive() and time.monotonic() - max(ended_at, output.moved_at) < QUIET_SECONDS:
        if time.monotonic() - ended_at > AFTERWARDS_SECONDS:
            break
        reader.join(0.05)
    left_running = reader.is_alive()
    tail, omitted = output.end()
    return {'exitCode': 128 - code if code < 0 else code, 'tail': tail, 'omittedBytes': omitted, 'leftRunning': left_running}
`.trimStart();
