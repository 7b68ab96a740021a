import type { HostileTheme } from './hostile-program.ts';

const timed = { status: 'timed-out', limits: { timeoutMs: 1000 }, evidence: 'timer' } as const;
// Memory ends first, also on a machine that gives an interpreter a tenth of its time.
const smallMemory = { memoryBytes: 96 * 1024 * 1024, timeoutMs: 90_000 };

/** Against time, memory and output. */
export const pythonResources: HostileTheme = {
  theme: 'resources',
  language: 'python',
  programs: [
    { name: 'loops for ever', code: 'while True:\n    pass\n', ...timed },
    {
      name: 'catches what would end it',
      code: 'while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n',
      ...timed,
    },
    { name: 'computes a number without end', code: 'print(len(str(10 ** 10 ** 8)))\n', ...timed },
    { name: 'matches a regular expression without end', code: 'import re\nre.match(r"(a+)+$", "a" * 64 + "b")\n', ...timed },
    { name: 'sleeps for years', code: 'import time\ntime.sleep(1e9)\n', ...timed },
    {
      name: 'sleeps a time that is none',
      code: 'import time\ndef main():\n    caught = []\n    for span in (-1, float("nan"), float("inf"), 1e300):\n        try:\n            time.sleep(span)\n        except (ValueError, OverflowError) as error:\n            caught.append(type(error).__name__)\n    return len(caught)\n',
      value: 4,
    },
    { name: 'spins on the clock', code: 'import time\nwhile time.monotonic() > 0:\n    time.time_ns()\n', ...timed },
    { name: 'waits for input that never comes', code: 'import sys\ndef main():\n    return sys.stdin.read()\n', value: '' },
    {
      name: 'waits in a loop of coroutines',
      code: 'import asyncio\nasync def main():\n    while True:\n        await asyncio.sleep(0)\n',
      ...timed,
    },
    {
      name: 'waits for a future that nothing settles',
      code: 'import asyncio\nasync def main():\n    await asyncio.get_running_loop().create_future()\n',
      status: 'failed',
    },
    {
      name: 'collects bytes without end',
      code: 'kept = []\nwhile True:\n    kept.append(bytearray(1 << 20))\n',
      status: ['failed', 'out-of-memory'],
      limits: smallMemory,
    },
    {
      name: 'collects bytes and catches the lack of them',
      code: 'kept = []\nwhile True:\n    try:\n        kept.append(bytearray(4096))\n    except MemoryError:\n        pass\n',
      status: ['out-of-memory', 'timed-out', 'failed'],
      limits: { ...smallMemory, timeoutMs: 25_000 },
    },
    {
      name: 'asks for a gibibyte at once',
      code: 'def main():\n    return len("x" * (1 << 30))\n',
      status: ['failed', 'out-of-memory'],
      limits: smallMemory,
    },
    {
      name: 'grows a list of small things',
      code: 'kept = []\nwhile True:\n    kept.append({len(kept): str(len(kept))})\n',
      status: ['out-of-memory', 'failed'],
      limits: smallMemory,
    },
    {
      name: 'unpacks a bomb',
      code: 'import zlib\ndata = zlib.compress(bytes(64 << 20))\nkept = [zlib.decompress(data) for _ in range(20)]\n',
      status: ['failed', 'out-of-memory'],
      limits: smallMemory,
    },
    { name: 'returns a value of 50 MB', code: 'def main():\n    return "x" * 50_000_000\n', status: ['failed', 'out-of-memory'] },
    {
      name: 'prints 100 MB',
      code: 'for _ in range(100):\n    print("x" * 1_000_000)\n',
      status: 'output-limit-exceeded',
      evidence: 'output-limit',
    },
    {
      name: 'prints without end and without a line',
      code: 'import os\nwhile True:\n    os.write(2, b"\\xff" * 65536)\n',
      status: 'output-limit-exceeded',
      evidence: 'output-limit',
    },
    {
      name: 'prints without end and catches everything',
      code: 'while True:\n    try:\n        print("again")\n    except BaseException:\n        pass\n',
      status: 'output-limit-exceeded',
      evidence: 'output-limit',
    },
    { name: 'recurses without end', code: 'def main(n=0):\n    return main(n + 1)\n', status: 'failed', message: /recursion/ },
    {
      name: 'recurses without end and without a limit',
      code: 'import sys\nsys.setrecursionlimit(10 ** 8)\ndef f():\n    return f()\nf()\n',
      status: ['failed', 'out-of-memory', 'timed-out', 'killed'],
      limits: { timeoutMs: 5000 },
    },
    {
      name: 'nests data deeper than a stack',
      code: 'import json\nd = []\nfor _ in range(100_000):\n    d = [d]\nfor action in (json.dumps, repr, lambda d: __import__("copy").deepcopy(d)):\n    try:\n        action(d)\n    except RecursionError:\n        pass\n',
      status: ['completed', 'failed'],
    },
    {
      name: 'parses text that is nested deeper than a stack',
      code: 'import ast, json\nfor action in (json.loads, ast.literal_eval, eval):\n    try:\n        action("[" * 100_000)\n    except (RecursionError, SyntaxError, ValueError, MemoryError):\n        pass\n',
      status: ['completed', 'failed', 'killed'],
    },
  ],
};

/** Against the interpreter, its own machinery and the process around it. */
export const pythonMachine: HostileTheme = {
  theme: 'machine',
  language: 'python',
  programs: [
    {
      name: 'runs byte code that it forged',
      code: 'def f():\n    pass\nf.__code__ = f.__code__.replace(co_code=bytes([100, 255] * 40), co_consts=(), co_stacksize=0)\nf()\n',
      status: ['failed', 'killed', 'out-of-memory', 'completed', 'timed-out'],
      limits: { timeoutMs: 3000 },
    },
    {
      name: 'loads code that is none',
      code: 'import marshal\nfor n in range(200):\n    try:\n        marshal.loads(bytes([(n * 7 + i * 13) % 256 for i in range(64)]))\n    except (ValueError, EOFError, TypeError, MemoryError):\n        pass\n',
      status: ['completed', 'failed'],
    },
    { name: 'aborts', code: 'import os\nos.abort()\n', status: 'failed' },
    { name: 'crashes', code: 'import faulthandler\nfaulthandler._sigsegv()\n', status: ['failed', 'completed'] },
    {
      name: 'signals its parent',
      code: 'import os\ndef main():\n    reached = []\n    for action in (lambda: os.kill(os.getppid(), 9), lambda: os.kill(1, 15), lambda: os.killpg(0, 9)):\n        try:\n            action()\n            reached.append(1)\n        except (OSError, AttributeError):\n            pass\n    return reached\n',
      value: [],
    },
    {
      name: 'starts processes',
      code: 'import os, subprocess\ndef main():\n    reached = []\n    for action in (lambda: os.system("id"), lambda: os.popen("id").read(), lambda: subprocess.run(["id"]), lambda: os.fork(), lambda: os.execv("/bin/sh", ["sh"]), lambda: os.posix_spawn("/bin/sh", ["sh"], {})):\n        try:\n            action()\n            reached.append(1)\n        except (OSError, AttributeError, ImportError, ValueError):\n            pass\n    return reached\n',
      value: [],
    },
    {
      name: 'starts threads',
      code: 'import threading\ndef main():\n    try:\n        threading.Thread(target=print).start()\n        return "started"\n    except RuntimeError:\n        return "refused"\n',
      value: 'refused',
    },
    {
      name: 'opens a network',
      code: 'import socket, urllib.request\ndef main():\n    reached = []\n    for action in (lambda: socket.create_connection(("127.0.0.1", 22), 1), lambda: urllib.request.urlopen("http://1.1.1.1", timeout=1), lambda: socket.socket(fileno=1).send(b"x"), lambda: socket.socket().connect(("127.0.0.1", 80))):\n        try:\n            action()\n            reached.append(1)\n        except (OSError, AttributeError, ValueError):\n            pass\n    return reached\n',
      value: [],
    },
    {
      name: 'looks for a bridge to the host',
      code: 'def main():\n    found = []\n    for name in ("js", "pyodide", "pyodide_js", "_pyodide_core", "ctypes", "_posixsubprocess", "mmap", "_multiprocessing", "resource", "fcntl"):\n        try:\n            __import__(name)\n            found.append(name)\n        except ImportError:\n            pass\n    return found\n',
      value: [],
    },
    {
      name: 'reads memory by address',
      code: 'def main():\n    try:\n        import ctypes\n        return ctypes.string_at(0, 1024).hex()\n    except ImportError:\n        return None\n',
      value: null,
    },
    {
      name: 'looks at its environment',
      code: 'import os\ndef main():\n    return sorted(set(os.environ) - {"HOME", "TMPDIR", "LANG", "PYTHONDONTWRITEBYTECODE", "PWD", "LC_CTYPE"})\n',
      value: [],
    },
    {
      name: 'reads its job again',
      code: 'def main():\n    try:\n        return open("/sandport/job", "rb").read(64).decode("latin1")\n    except OSError:\n        return ""\n',
      value: '',
    },
    {
      name: 'forges a report of success and fails',
      code: 'open("/sandport/report", "wb", buffering=0).write(b"V\\x00\\x00\\x00\\x0242")\nraise SystemExit(3)\n',
      status: 'failed',
    },
    {
      name: 'reports without end',
      code: 'file = open("/sandport/report", "wb", buffering=0)\nfor _ in range(400):\n    file.write(b"x" * 1_000_000)\ndef main():\n    return 1\n',
      status: ['failed', 'completed'],
    },
    {
      name: 'forges a report that is none',
      code: 'open("/sandport/report", "wb", buffering=0).write(b"V\\xff\\xff\\xff\\xffnonsense")\n',
      status: ['failed', 'completed'],
    },
    {
      name: 'replaces the modules of the runner',
      code: 'import sys, json, builtins, gc\njson.dumps = lambda *args, **kwargs: "\\"forged\\""\nfor name in list(sys.modules):\n    if name not in ("sys", "builtins", "__main__"):\n        sys.modules[name] = None\nbuiltins.len = lambda thing: -1\nbuiltins.isinstance = lambda *args: True\ndef main():\n    return {"a": 1}\n',
      status: ['completed', 'failed'],
    },
    {
      name: 'reaches into the frames of the runner',
      code: 'import sys\nframe = sys._getframe()\nwhile frame is not None:\n    for name in list(frame.f_globals):\n        if not name.startswith("__"):\n            frame.f_globals[name] = None\n    frame = frame.f_back\n',
      status: ['completed', 'failed', 'killed'],
    },
    {
      name: 'replaces its streams',
      code: 'import sys\nclass Endless:\n    def write(self, text):\n        raise KeyboardInterrupt\n    def flush(self):\n        raise SystemExit(0)\nsys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Endless()\nraise ValueError("hidden")\n',
      status: ['failed', 'completed'],
    },
    {
      name: 'never lets the interpreter end',
      code: 'import atexit\ndef again():\n    while True:\n        pass\natexit.register(again)\n',
      ...timed,
    },
    {
      name: 'returns something that never ends to be encoded',
      code: 'class Endless(dict):\n    def items(self):\n        n = 0\n        while True:\n            yield str(n), n\n            n += 1\ndef main():\n    return Endless(a=1)\n',
      status: ['completed', 'failed', 'timed-out', 'out-of-memory'],
      limits: { timeoutMs: 2000 },
    },
    {
      name: 'raises an error that cannot be shown',
      code: 'class Bad(Exception):\n    def __str__(self):\n        raise self\n    __repr__ = __str__\nraise Bad()\n',
      status: 'failed',
    },
    { name: 'exits with a number that means something elsewhere', code: 'import os\nos._exit(137)\n', status: 'failed' },
    {
      name: 'asks for 4 GiB of random numbers',
      code: 'import os\ndef main():\n    try:\n        return len(os.urandom(1 << 31))\n    except (MemoryError, OverflowError, OSError):\n        return None\n',
      status: ['completed', 'failed', 'out-of-memory', 'timed-out'],
      limits: { timeoutMs: 25_000 },
    },
  ],
};
