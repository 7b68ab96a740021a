import type { HostileTheme } from './hostile-program.ts';

const REFUSED =
  'def attempt(action):\n    try:\n        action()\n        return "done"\n    except (OSError, AttributeError, ValueError, OverflowError, MemoryError) as error:\n        return type(error).__name__\n';
const limits = { diskBytes: 4 * 1024 * 1024 };

/** Against the files: their room, their names, their numbers. */
export const pythonFiles: HostileTheme = {
  theme: 'files',
  language: 'python',
  programs: [
    {
      name: 'writes more than there is room for',
      code: `${REFUSED}def main():\n    with open("a", "wb", buffering=0) as file:\n        return attempt(lambda: [file.write(bytes(1 << 20)) for _ in range(64)])\n`,
      value: 'OSError',
      limits,
      evidence: 'limit',
    },
    {
      name: 'writes without end and catches everything',
      code: 'n = 0\nwhile True:\n    try:\n        open(f"f{n}", "wb").write(bytes(65536))\n    except OSError:\n        pass\n    n += 1\n',
      status: 'timed-out',
      limits: { ...limits, timeoutMs: 1500 },
    },
    {
      name: 'makes empty files without end',
      code: `${REFUSED}def main():\n    def fill():\n        n = 0\n        while True:\n            open(str(n), "w").close()\n            n += 1\n    return attempt(fill)\n`,
      status: ['completed', 'timed-out'],
      limits: { ...limits, timeoutMs: 5000 },
    },
    {
      name: 'makes folders in folders without end',
      code: `${REFUSED}import os\ndef main():\n    def dig():\n        while True:\n            os.mkdir("d")\n            os.chdir("d")\n    return attempt(dig)\n`,
      status: ['completed', 'timed-out', 'failed'],
      limits: { ...limits, timeoutMs: 3000 },
    },
    {
      name: 'seeks far beyond the end and writes',
      code: `${REFUSED}def main():\n    def far():\n        with open("a", "wb", buffering=0) as file:\n            file.seek(1 << 40)\n            file.write(b"x")\n    return attempt(far)\n`,
      value: 'OSError',
      limits,
    },
    {
      name: 'makes a file of 2 GiB by its size alone',
      code: `${REFUSED}import os\ndef main():\n    open("a", "w").close()\n    return attempt(lambda: os.truncate("a", 2 << 30))\n`,
      value: 'OSError',
      limits,
    },
    {
      name: 'keeps files that it has deleted',
      code: `${REFUSED}import os\ndef main():\n    kept = []\n    def keep():\n        while True:\n            file = open("gone", "wb", buffering=0)\n            kept.append(file)\n            os.unlink("gone")\n            file.write(bytes(1 << 20))\n    return attempt(keep)\n`,
      value: 'OSError',
      limits,
    },
    {
      name: 'opens files without end',
      code: `${REFUSED}def main():\n    files = []\n    def open_all():\n        while True:\n            files.append(open("a", "w"))\n    return [attempt(open_all), len(files) < 200]\n`,
      value: ['OSError', true],
      limits: { openFiles: 128 },
    },
    {
      name: 'reads what is behind every number',
      code: 'import os\ndef main():\n    found = []\n    for number in range(3, 256):\n        try:\n            data = os.read(number, 100)\n            found.append(number)\n        except OSError:\n            pass\n    return found\n',
      value: [],
    },
    {
      name: 'writes to every number and closes them all',
      code: 'import os\nfor number in range(3, 256):\n    for action in (lambda: os.write(number, b"V\\x00\\x00\\x00\\x011"), lambda: os.close(number)):\n        try:\n            action()\n        except OSError:\n            pass\nprint("alive", flush=True)\ndef main():\n    return 1\n',
      status: ['completed', 'failed'],
    },
    {
      name: 'closes its own output and goes on',
      code: 'import os\nos.close(1)\nos.close(2)\nos.close(0)\ndef main():\n    return "on"\n',
      value: 'on',
    },
    {
      name: 'looks for files of the machine',
      code: 'import os\ndef main():\n    paths = ["/etc/passwd", "/proc/self/environ", "/proc/1/environ", "/home", "/root", "/var", "../../../../etc/passwd", "/workspace/../etc/passwd", "C:\\\\Windows", "/dev/mem", "/sys"]\n    return [path for path in paths if os.path.exists(path)]\n',
      value: [],
    },
    {
      name: 'follows links out of the work folder',
      code: 'import os\ndef main():\n    read = []\n    for target in ["/etc/passwd", "../../etc/passwd", "/proc/self/maps", "//etc/passwd"]:\n        os.symlink(target, "link")\n        try:\n            read.append(open("link").read())\n        except OSError:\n            pass\n        os.unlink("link")\n    return read\n',
      value: [],
    },
    {
      name: 'makes links that lead in a circle',
      code: `${REFUSED}import os\ndef main():\n    os.symlink("b", "a")\n    os.symlink("a", "b")\n    return attempt(lambda: open("a").read())\n`,
      value: 'OSError',
    },
    {
      name: 'puts links in the place of its artifacts',
      code: 'import os\nos.symlink("/etc/passwd", "artifacts/passwd")\nos.symlink("/", "artifacts/root")\nos.symlink("artifacts", "artifacts/self")\n',
    },
    {
      name: 'removes the machinery and the folders of the system',
      code: 'import os, shutil\ndef main():\n    done = []\n    for path in ["/sandport", "/sandport/job", "/sandport/guest", "/usr", "/"]:\n        for action in (os.unlink, os.rmdir, shutil.rmtree, lambda path: os.rename(path, "/tmp/taken")):\n            try:\n                action(path)\n                done.append(path)\n            except OSError:\n                pass\n    return done\n',
      value: [],
    },
    {
      name: 'gives files names that no host should see',
      code: 'for name in ["..\\\\..\\\\x", "a\\nb", "x" * 250, "CON", "-rf", " ", "\\u202e.txt"]:\n    open("artifacts/" + name, "w").write(name)\n',
    },
  ],
};
