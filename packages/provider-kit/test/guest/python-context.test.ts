import { describe, expect, it } from 'vitest';
import { ContextSession } from './context-session.ts';

const lines = (...text: string[]) => `${text.join('\n')}\n`;
const none = { state: 'none' };
const value = (json: unknown) => ({ state: 'value', value: json });
const error = (type: string, message?: unknown) => ({
  state: 'error',
  error: expect.objectContaining(message === undefined ? { type } : { type, message }) as unknown,
});
// Newer interpreters underline parts of a line.
const withoutMarks = (text: string) => text.replaceAll(/^ *[~^]+ *\n/gm, '');

describe.each(['python', 'forked-python'] as const)('a context in %s', (runner) => {
  it('keeps what its cells define', async () => {
    const context = await ContextSession.start(runner);
    expect(await context.run('import math\nx = 2\ndef double(y): return y * 2\nclass A: pass')).toEqual(none);
    expect(await context.run('x += 1\ndouble(x) + math.floor(1.5)')).toMatchObject(value(7));
    expect(await context.run('[type(A()).__name__, __name__]')).toMatchObject(value(['A', '__main__']));
    expect(await context.end()).toEqual({ exitCode: 0, signal: null });
    expect(context).toMatchObject({ stdout: '', stderr: '' });
  });

  it('interrupts a cell that computes, one that sleeps and one that awaits, and lives on', async () => {
    const context = await ContextSession.start(runner);
    await context.run('import asyncio, time\nx = 1');
    const endless = ['while True: pass', 'time.sleep(60)', 'await asyncio.sleep(60)', 'await asyncio.sleep(0)\nwhile True: pass'];
    for (const [index, code] of endless.entries()) {
      context.send(`print("started ${index}")\n${code}`);
      await context.printed(`started ${index}`);
      context.interrupt();
      expect(await context.report()).toEqual(error('KeyboardInterrupt', ''));
      expect(await context.run('x')).toMatchObject(value(1));
    }
    await context.end();
    expect(context.stderr).not.toMatch(/python_|asyncio\/runners/);
  });

  it('does nothing on an interrupt while it is idle', async () => {
    const context = await ContextSession.start(runner);
    for (const code of ['1', 'x = 1']) {
      context.interrupt();
      // Time for the signal to come.
      await new Promise((resolve) => setTimeout(resolve, 500));
      await context.run(code);
    }
    expect(await context.run('2')).toMatchObject(value(2));
    expect(await context.end()).toEqual({ exitCode: 0, signal: null });
    expect(context.stderr).toBe('');
  });

  it('loses no report, whenever the interrupt comes', async () => {
    const context = await ContextSession.start(runner);
    await context.run('import asyncio\ndef spin(n):\n  for _ in range(n): pass');
    for (let round = 0; round < 150; round += 1) {
      context.send(round % 2 === 0 ? `spin(${round * 20})\n${round}` : `await asyncio.sleep(0)\n${round}`);
      const until = performance.now() + round / 100;
      while (performance.now() < until);
      context.interrupt();
      expect([JSON.stringify(value(round)), 'KeyboardInterrupt']).toContain(
        await context.report().then((report) => {
          if (report.state === 'error') return report.error.type;
          return JSON.stringify({ state: report.state, value: report.state === 'value' ? report.value : null });
        }),
      );
    }
    expect(await context.end()).toEqual({ exitCode: 0, signal: null });
  });

  it('ends with sys.exit, without a report', async () => {
    const context = await ContextSession.start(runner);
    expect(await context.run('import atexit, sys\natexit.register(print, "bye")\nsys.exit(7)')).toEqual({ state: 'empty' });
    expect(await context.ended).toEqual({ exitCode: 7, signal: null });
    await context.end();
    expect(context.stdout).toBe('bye\n');
  });
});

describe('the value of a Python cell', () => {
  it.each([
    ['an expression', '1 + 1', value(2)],
    ['an expression over lines', '(\n 1\n)\n# done\n', value(1)],
    ['None', 'print()', value(null)],
    ['an expression after a statement on its line', 'x = 1; x', value(1)],
    ['an assignment', 'x = 1', none],
    ['an expression before a statement', '5\nx = 1', none],
    ['an expression in a block', 'if True:\n  5', none],
    ['nothing', '', none],
    ['a comment', '# 5', none],
    ['something that JSON cannot carry', '{1, 2}', none],
    ['a number that JSON cannot carry', 'float("nan")', none],
    ['something that contains itself', 'a = []\na.append(a)\na', none],
    ['something whose members fail', 'class D(dict):\n  def items(self): raise OSError\nD(a=1)', none],
    ['an await', 'import asyncio\nawait asyncio.sleep(0, "slept")', value('slept')],
    ['an expression after an await', 'import asyncio\nx = await asyncio.sleep(0, 4)\nx + 1', value(5)],
    ['an await before a statement', 'import asyncio\nawait asyncio.sleep(0)\nx = 1', none],
    ['an asynchronous comprehension', 'async def g():\n  yield 1\n[x async for x in g()]', value([1])],
    ['a source that leads with a byte-order mark', '\ufeff1', value(1)],
  ])('%s', async (_title, code, report) => {
    const context = await ContextSession.start('python');
    expect(await context.run(code)).toMatchObject(report);
    await context.end();
    expect(context.stderr).toBe('');
  });

  it('meets its limit', async () => {
    const context = await ContextSession.start('python');
    expect(await context.run('"x" * 8', { valueBytes: 10 })).toMatchObject(value('xxxxxxxx'));
    expect(await context.run('"x" * 9', { valueBytes: 10 })).toEqual({ state: 'too-large', sizeBytes: 11 });
    expect(await context.run('len("x" * 3_000_000 )')).toMatchObject(value(3_000_000));
    expect(await context.run('"x" * 3_000_000', { valueBytes: 4_000_000 })).toMatchObject(value('x'.repeat(3_000_000)));
    await context.end();
    expect(context.stderr).toBe('ValueError: the value has 11 bytes of JSON; the limit is 10\n');
  });
});

describe('a Python cell', () => {
  it('has its arguments as variables and the environment', async () => {
    const context = await ContextSession.start('python');
    const code = 'import os, time\n[a, b, os.environ["C"], time.tzname[0]]';
    const input = { arguments: { a: 1, b: ['x'] }, environment: { C: 'c', TZ: 'XYZ3' } };
    expect(await context.run(code, input)).toMatchObject(value([1, ['x'], 'c', 'XYZ']));
    expect(await context.run('[a, os.environ["C"]]', { arguments: { a: 2 } })).toMatchObject(value([2, 'c']));
  });

  it('shows the lines of all cells in a traceback, and none of the runner', async () => {
    const context = await ContextSession.start('python');
    await context.run('def f():\n  return 1 / 0');
    const report = await context.run('x = 1\nf()');
    const traceback = lines(
      'Traceback (most recent call last):',
      '  File "cell-2.py", line 2, in <module>',
      '    f()',
      '  File "cell-1.py", line 2, in f',
      '    return 1 / 0',
      'ZeroDivisionError: division by zero',
    );
    expect(report).toEqual(error('ZeroDivisionError', 'division by zero'));
    await context.end();
    expect(withoutMarks(context.stderr)).toBe(traceback);
  });

  it('shows no frames of the event loop', async () => {
    const context = await ContextSession.start('python');
    await context.run('import asyncio\nawait asyncio.sleep(0)\n1 / 0');
    await context.end();
    expect(withoutMarks(context.stderr)).toBe(
      lines(
        'Traceback (most recent call last):',
        '  File "cell-1.py", line 3, in <module>',
        '    1 / 0',
        'ZeroDivisionError: division by zero',
      ),
    );
  });

  it('shows where it was interrupted', async () => {
    const context = await ContextSession.start('python');
    context.send('import time\ndef f():\n  print("now")\n  time.sleep(60)\nf()');
    await context.printed('now');
    context.interrupt();
    await context.report();
    const traceback = ['  File "cell-1.py", line 5, in <module>', '    f()', '  File "cell-1.py", line 4, in f', '    time.sleep(60)'];
    await context.end();
    expect(withoutMarks(context.stderr)).toBe(lines('Traceback (most recent call last):', ...traceback, 'KeyboardInterrupt'));
  });

  it.each([
    ['x = 1\ndef f(:\n  pass', 'File "cell-1.py", line 2\n    def f(:'],
    ['x = 1\nreturn 5', 'File "cell-1.py", line 2\n    return 5'],
    ['def f():\npass', 'File "cell-1.py", line 2\n    pass'],
    ['1 = 2', 'File "cell-1.py", line 1\n    1 = 2'],
  ])('%j is a syntax error with its place, and does not run', async (code, part) => {
    const context = await ContextSession.start('python');
    expect(await context.run(`print("ran")\n${code}`)).toMatchObject({ state: 'error' });
    await context.end();
    expect(context.stdout).toBe('');
    expect(context.stderr).toContain(part.replace(/line (\d)/, (_all, line: string) => `line ${Number(line) + 1}`));
    expect(context.stderr).not.toContain('python_');
  });

  it('may keep a future statement for later ones', async () => {
    const context = await ContextSession.start('python');
    await context.run('from __future__ import annotations');
    expect(await context.run('def f(x: nothing): pass\nf.__annotations__["x"]')).toMatchObject(value('nothing'));
  });

  it('may catch the interrupt', async () => {
    const context = await ContextSession.start('python');
    context.send('import time\ntry:\n  print("now")\n  time.sleep(60)\nexcept KeyboardInterrupt:\n  caught = "caught"\ncaught');
    await context.printed('now');
    context.interrupt();
    expect(await context.report()).toMatchObject(value('caught'));
  });

  it('runs the finally blocks of what it awaits when it is interrupted, and does not go on later', async () => {
    const context = await ContextSession.start('python');
    const wait = ['try:', '  print("now")', '  await asyncio.sleep(60)', 'finally:', '  seen.append("finally")', 'seen.append("on")'];
    context.send(['import asyncio', 'seen = []', ...wait].join('\n'));
    await context.printed('now');
    context.interrupt();
    expect(await context.report()).toEqual(error('KeyboardInterrupt'));
    expect(await context.run('await asyncio.sleep(0.01)\nseen')).toMatchObject(value(['finally']));
  });

  it('may leave a task that goes on while a later one awaits', async () => {
    const context = await ContextSession.start('python');
    await context.run('import asyncio\nasync def f(): return 5\ntask = asyncio.ensure_future(f())\nawait asyncio.sleep(0)');
    expect(await context.run('await task')).toMatchObject(value(5));
  });

  it('may use asyncio.run, before and after it awaits', async () => {
    const context = await ContextSession.start('python');
    await context.run('import asyncio\nasync def f(): return 5');
    for (const code of ['asyncio.run(f())', 'await f()', 'asyncio.run(f())', 'await f()']) {
      expect(await context.run(code)).toMatchObject(value(5));
    }
  });

  it('may set a handler of its own, for as long as it runs', async () => {
    const context = await ContextSession.start('python');
    context.send('import signal, time\nsignal.signal(signal.SIGINT, lambda *_: print("mine"))\nprint("now")\ntime.sleep(0.2)\n3');
    await context.printed('now');
    context.interrupt();
    expect(await context.report()).toMatchObject(value(3));
    await context.printed('mine');
    expect(context.stdout).toBe('now\nmine\n');
    context.send('print("again")\ntime.sleep(60)');
    await context.printed('again');
    context.interrupt();
    expect(await context.report()).toEqual(error('KeyboardInterrupt'));
  });

  it('may close or replace its streams', async () => {
    const context = await ContextSession.start('python');
    expect(await context.run('import sys\nclass Bad: pass\nsys.stdout = Bad()\n1')).toMatchObject(value(1));
    expect(await context.run('sys.stdout = sys.__stdout__\nprint("back")\n2')).toMatchObject(value(2));
    expect(await context.run('sys.stdout.close()\n3')).toMatchObject(value(3));
    expect(await context.run('sys.stderr.close()\n1 / 0')).toEqual(error('ZeroDivisionError'));
    expect(await context.run('print(1)')).toEqual(error('ValueError'));
    expect(await context.run('4')).toMatchObject(value(4));
    await context.end();
    expect(context.stdout).toBe('back\n');
  });

  it('has flushed its streams when the report comes', async () => {
    const context = await ContextSession.start('python');
    await context.run('import sys\nprint("no line end", end="")\n1');
    expect(await context.end()).toMatchObject({ exitCode: 0 });
    expect(context.stdout).toBe('no line end');
  });

  it('may leave threads that live on', async () => {
    const context = await ContextSession.start('python');
    await context.run('import threading\ngo, gone = threading.Event(), threading.Event()');
    await context.run('threading.Thread(target=lambda: (go.wait(), gone.set())).start()');
    expect(await context.run('go.set()\ngone.wait()')).toMatchObject(value(true));
  });

  it('may fork: only the parent reports and takes further jobs', async () => {
    const context = await ContextSession.start('python');
    expect(await context.run('import os\npid = os.fork()\n"child" if pid == 0 else "parent"')).toMatchObject(value('parent'));
    expect(await context.run('os.waitpid(pid, 0)[1]')).toMatchObject(value(0));
    expect(await context.run('pid = os.fork()\nif pid == 0: raise ValueError\n1')).toMatchObject(value(1));
    expect(await context.run('os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])')).toMatchObject(value(1));
  });

  it('may fail in any way without ending the context', async () => {
    const context = await ContextSession.start('python');
    expect(await context.run('raise KeyboardInterrupt')).toEqual(error('KeyboardInterrupt'));
    expect(await context.run('raise BaseException("x")')).toEqual(error('BaseException', 'x'));
    expect(await context.run('def f(): f()\nf()')).toEqual(error('RecursionError'));
    expect(await context.run('nothing_here')).toEqual(error('NameError'));
    expect(await context.run('class E(Exception):\n  def __str__(self): raise OSError\nraise E')).toEqual(error('E'));
    expect(await context.run('import sys\nsys.excepthook = lambda *a: print("hook")\n1 / 0')).toEqual(error('ZeroDivisionError'));
    expect(await context.run('1')).toMatchObject(value(1));
    await context.end();
    expect(context.stdout).toBe('hook\n');
  });

  it('ends with its process', async () => {
    const context = await ContextSession.start('python');
    expect(await context.run('import os\nos._exit(3)')).toEqual({ state: 'empty' });
    expect(await context.ended).toEqual({ exitCode: 3, signal: null });
  });
});
