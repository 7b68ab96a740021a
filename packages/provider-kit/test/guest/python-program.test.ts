import { readFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runProgram, valueJsonOf } from './run-program.ts';

const lines = (...text: string[]) => `${text.join('\n')}\n`;

async function workFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-guest-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe.each(['python', 'forked-python'] as const)('main in %s', (runner) => {
  it.each([
    ['a function', 'def main(**a): return a', '{"x":1}'],
    ['an async function', 'async def main(x):\n  import asyncio\n  await asyncio.sleep(0)\n  return x', '1'],
    ['a lambda', 'main = lambda x: [x]', '[1]'],
    ['an annotated assignment', 'main: object = lambda x: x', '1'],
    ['a class with a call that returns JSON', 'class Job:\n  def __call__(self, x): return x + 1\nmain = Job()', '2'],
    ['an import', 'from json import dumps as main2\ndef f(x): return main2(x)\nmain = f', '"1"'],
    ['an imported name', 'import builtins\nbuiltins.x = 1\nfrom builtins import dict as main', '{"x":1}'],
    ['a binding in if', 'if True:\n  def main(x): return x', '1'],
    ['a binding in try', 'try:\n  import nothing_here\nexcept ImportError:\n  main = lambda x: x', '1'],
    ['a binding in with and for', 'import contextlib\nwith contextlib.nullcontext():\n  for main in [lambda x: x]: pass', '1'],
    ['a walrus', '(main := lambda x: x)', '1'],
    ['an unpacking', 'main, other = (lambda x: x), 2', '1'],
    [
      'a result that can be awaited without being a coroutine',
      'class A:\n  def __await__(self):\n    yield\n    return 5\ndef main(x): return A()',
      '5',
    ],
    ['a source that leads with a byte-order mark', '\ufeffdef main(x): return x', '1'],
    ['a main that returns nothing', 'def main(x): pass', 'null'],
  ])('is %s', async (_title, code, valueJson) => {
    const run = await runProgram(runner, { code, arguments: { x: 1 } });
    expect(run).toMatchObject({ report: { state: 'value', valueJson }, exitCode: 0, stderr: '' });
  });

  it.each([
    ['is not there', 'print("ran")'],
    ['is bound in a function only', 'def f():\n  main = 1\n  print("ran")\nf()'],
    ['is only read', 'try:\n  main\nexcept NameError:\n  print("ran")'],
    ['is in a branch that is not taken', 'if False:\n  def main(): pass\nprint("ran")'],
    ['was deleted', 'def main(): pass\ndel main\nprint("ran")'],
  ])('counts as none when it %s', async (_title, code) => {
    const run = await runProgram(runner, { code });
    expect(run).toMatchObject({ report: { state: 'none' }, exitCode: 0, stdout: 'ran\n', stderr: '' });
  });

  it.each([
    ['runs when there is no main', 'if __name__ == "__main__": print("guarded")', 'guarded\n'],
    ['does not run besides main', 'def main(): print("main")\nif __name__ == "__main__": main()', 'main\n'],
  ])('lets the guarded block run as the only start: it %s', async (_title, code, stdout) => {
    const run = await runProgram(runner, { code });
    expect(run).toMatchObject({ exitCode: 0, stdout, stderr: '' });
  });

  it('hands arguments over as data', async () => {
    const values = { a: true, b: null, c: 'q"\'\\', d: [1.5, { e: [] }], emoji: '😀', __import__: 1 };
    const run = await runProgram(runner, { code: 'def main(**a): return a', arguments: values });
    expect(run.report).toMatchObject({ state: 'value', value: values });
  });
});

describe.each(['python', 'forked-python'] as const)('what a program sees in %s', (runner) => {
  it('finds itself at home in the work folder', async () => {
    const folder = await workFolder();
    const code = lines(
      'import os, sys, inspect, pickle, dataclasses',
      '@dataclasses.dataclass',
      'class Point:',
      '  x: int',
      'def main():',
      '  return {"argv": sys.argv, "path": sys.path[0], "file": __file__, "name": __name__, "cwd": os.getcwd(),',
      '    "source": inspect.getsource(main).split("\\n")[0], "pickled": pickle.loads(pickle.dumps(Point(3))).x,',
      '    "module": sys.modules["__main__"] is sys.modules["main"], "limit": sys.getrecursionlimit()}',
    );
    const run = await runProgram(runner, { code, folder });
    expect(run.report).toMatchObject({
      value: {
        argv: ['main.py'],
        path: folder,
        file: join(folder, 'main.py'),
        name: 'main',
        cwd: folder,
        source: 'def main():',
        pickled: 3,
        module: true,
        limit: 1000,
      },
    });
    await expect(readdir(folder)).resolves.toEqual([]);
  });

  it('has no names of the runner around it', async () => {
    const code = lines(
      'import sys',
      'names = sorted(name for name in globals() if not name.startswith("__"))',
      'def main(): return [names, [name for name in sys.modules if name.startswith("python_r") or name.startswith("python_p")]]',
    );
    const run = await runProgram(runner, { code });
    expect(run.report).toMatchObject({ valueJson: '[["sys"],[]]' });
  });

  it('has the environment of its job, an empty input and UTF-8 output', async () => {
    const code =
      'import os, sys, time\ndef main():\n  print("é\\ud800", file=sys.stderr)\n  print("😀")\n  return [os.environ["A"], sys.stdin.read(), time.tzname[0]]';
    const run = await runProgram(runner, { code, environment: { A: 'ä b', TZ: 'XYZ-3' } });
    expect(run).toMatchObject({ report: { value: ['ä b', '', 'XYZ'] }, stdout: '😀\n', stderr: 'é\\ud800\n' });
  });

  it('imports what lies beside it', async () => {
    const folder = await workFolder();
    const first = await runProgram(runner, { code: 'open("beside.py", "w").write("answer = 42")', folder });
    expect(first.report).toEqual({ state: 'none' });
    const second = await runProgram(runner, { code: 'import beside\ndef main(): return beside.answer', folder });
    expect(second.report).toMatchObject({ value: 42 });
  });
});

describe.each(['python', 'forked-python'] as const)('how a program ends in %s', (runner) => {
  it.each([
    ['sys.exit()', 'import sys; sys.exit()', 0, ''],
    ['sys.exit(3) in main', 'import sys\ndef main(): sys.exit(3)', 3, ''],
    ['sys.exit(124)', 'import sys; sys.exit(124)', 124, ''],
    ['sys.exit with text', 'import sys; sys.exit("bye")', 1, 'bye\n'],
    ['sys.exit with more than a byte', 'import sys; sys.exit(258)', 2, ''],
    ['raise SystemExit in async main', 'async def main(): raise SystemExit(4)', 4, ''],
    ['exit()', 'exit(5)', 5, ''],
    ['os._exit', 'import os\ndef main(): os._exit(6)', 6, ''],
  ])('keeps the code of %s and reports nothing', async (_title, code, exitCode, stderr) => {
    const run = await runProgram(runner, { code });
    expect(run).toMatchObject({ report: { state: 'empty' }, exitCode, signal: null, stderr });
  });

  it('reports the value first, then awaits threads and runs exit handlers', async () => {
    const code = lines(
      'import atexit, threading, time',
      'atexit.register(print, "at exit")',
      'def main():',
      '  threading.Thread(target=lambda: (time.sleep(0.2), print("thread"))).start()',
      '  print("main")',
      '  return 1',
    );
    const run = await runProgram(runner, { code });
    expect(run).toMatchObject({ report: { value: 1 }, exitCode: 0, stdout: 'main\nthread\nat exit\n', stderr: '' });
  });

  it('writes out files that were left open, compressed ones too', async () => {
    const folder = await workFolder();
    const code = lines(
      'import gzip, zipfile',
      'plain = open("plain.txt", "w"); plain.write("plain")',
      'packed = gzip.open("packed.gz", "wt"); packed.write("packed")',
      'archive = zipfile.ZipFile("archive.zip", "w"); archive.writestr("name", "archived")',
      'def main(): return 1',
    );
    expect(await runProgram(runner, { code, folder })).toMatchObject({ exitCode: 0, stderr: '' });
    await expect(readFile(join(folder, 'plain.txt'), 'utf8')).resolves.toBe('plain');
    const check =
      'import gzip, zipfile\ndef main(): return [gzip.open("packed.gz", "rt").read(), zipfile.ZipFile("archive.zip").read("name").decode()]';
    expect(await runProgram(runner, { code: check, folder })).toMatchObject({ report: { value: ['packed', 'archived'] } });
  });

  it('is killed by the signal that it sends itself', async () => {
    const run = await runProgram(runner, { code: 'import os, signal\nprint("before")\nos.kill(os.getpid(), signal.SIGKILL)' });
    expect(run).toMatchObject({ report: { state: 'empty' }, signal: 'SIGKILL', stdout: 'before\n' });
  });

  it.each([
    ['closed', 'import sys\ndef main():\n  sys.stdout.close()\n  return 1', ''],
    ['replaced', 'import sys, io\ndef main():\n  print("a", end="")\n  sys.stdout = io.StringIO()\n  print("lost")\n  return 1', 'a'],
    ['None', 'import sys\ndef main():\n  print("a", end="")\n  sys.stdout = None\n  return 1', 'a'],
  ])('reports the value when sys.stdout is %s', async (_title, code, stdout) => {
    const run = await runProgram(runner, { code });
    expect(run).toMatchObject({ report: { value: 1 }, exitCode: 0, stdout, stderr: '' });
  });

  it('lets a forked child of the program report nothing', async () => {
    const code = 'import os\ndef main():\n  pid = os.fork()\n  if pid: os.waitpid(pid, 0)\n  return "parent" if pid else "child"';
    expect(await runProgram(runner, { code })).toMatchObject({ report: { value: 'parent' }, exitCode: 0 });
  });

  it('gives its channels to no program that it starts', async () => {
    const code =
      'import subprocess\ndef main(): return subprocess.run(["ls", "/proc/self/fd"], close_fds=False, capture_output=True, text=True).stdout.split()';
    const run = await runProgram(runner, { code });
    // 3 is the folder that ls reads; a channel that came along would have pushed something up to 4.
    expect(valueJsonOf(run)).toContain('"3"');
    expect(valueJsonOf(run)).not.toContain('"4"');
  });

  it('goes on without a report when the program closed the channel', async () => {
    const run = await runProgram(runner, { code: 'import os\nos.closerange(3, 10)\ndef main(): return 1' });
    expect(run).toMatchObject({ report: { state: 'empty' }, exitCode: 0, stderr: '' });
  });
});
