import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ContextSession, readDisplayed } from './context-session.ts';
import { fakeModules } from './fake-modules.ts';
import { runProgram, type ProgramRun } from './run-program.ts';

async function workFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-display-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a program and gives what it displayed. */
async function display(language: 'python' | 'javascript', code: string, folder?: string): Promise<[ProgramRun, Record<string, string>]> {
  const used = folder ?? (await workFolder());
  const run = await runProgram(language, { code, folder: used, environment: {} });
  return [run, await readDisplayed(used)];
}

const withModules = async (code: string) => `import sys\nsys.path.insert(1, ${JSON.stringify(await fakeModules())})\n${code}`;

const PICTURE = '\u0089PNG\r\n\u001a\n';

describe('display in Python', () => {
  it('writes values in order, each in its richest form', async () => {
    const form = (name: string, content: string) => `class A:\n  def ${name}(self, **_): return ${content}\ndisplay(A())`;
    const code = [
      'display("text", {"a": [1, "é"]}, 3, {1, 2})',
      form('_repr_html_', '"<b>é</b>"'),
      form('_repr_svg_', '"<svg/>"'),
      form('_repr_png_', '"iVBORw0KGgo="'),
      form('_repr_jpeg_', 'b"jpeg"'),
      form('_repr_markdown_', '"# a"'),
      form('_repr_json_', '({"a": 1}, {"expanded": True})'),
      form('_repr_mimebundle_', '{"text/plain": "a", "text/html": "<i>"}'),
      form('_repr_mimebundle_', '{"text/plain": "a", "application/vnd.a.v5+json": {"b": 2}}'),
      'display({"text/csv": "a,b"}, raw=True)',
      'def main(): return 1',
    ].join('\n');
    const [run, files] = await display('python', code);
    expect(run).toMatchObject({ report: { value: 1 }, stderr: '', stdout: '' });
    expect(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, Buffer.from(content, 'latin1').toString()]))).toEqual({
      '0001.txt': 'text',
      '0002.json': '{"a": [1, "é"]}',
      '0003.txt': '3',
      '0004.txt': '{1, 2}',
      '0005.html': '<b>é</b>',
      '0006.svg': '<svg/>',
      '0007.png': Buffer.from(PICTURE, 'latin1').toString(),
      '0008.jpg': 'jpeg',
      '0009.md': '# a',
      '0010.json': '{"a": 1}',
      '0011.html': '<i>',
      '0012.json': '{"b": 2}',
      '0013.csv': 'a,b',
    });
  });

  it('shows the figures that are open at the end, and at show', async () => {
    const code = 'import matplotlib.pyplot as plt\nplt.figure()\nplt.figure()\nplt.show()\nplt.figure(7)\nplt.close(plt.figure(8))';
    const [run, files] = await display('python', await withModules(code));
    expect(run).toMatchObject({ report: { state: 'none' }, stderr: '' });
    expect(files).toEqual({ '0001.png': 'png tight 1', '0002.png': 'png tight 2', '0003.png': 'png tight 7' });
  });

  it('writes the data behind a figure where there is a library for it, and only the picture where that knows nothing', async () => {
    const code = [
      'sys.path.insert(1, sys.path[1] + "/charts")',
      'import matplotlib.pyplot as plt',
      'plt.figure(1)',
      'plt.figure(7)',
      'from matplotlib.figure import Figure',
      'display(Figure(2))',
    ].join('\n');
    const [run, files] = await display('python', await withModules(code));
    expect(run).toMatchObject({ report: { state: 'none' }, stderr: '' });
    expect(files).toEqual({
      '0001.png': 'png tight 2',
      '0002.chart.json': '{"type": "line", "title": "2"}',
      '0003.png': 'png tight 1',
      '0004.chart.json': '{"type": "line", "title": "1"}',
      '0005.png': 'png tight 7',
    });
  });

  it.each([
    ['return 1', { state: 'value' }],
    ['raise ValueError', { state: 'error' }],
    ['import sys; sys.exit(0)', { state: 'empty' }],
  ])('shows figures when main ends by %s', async (ending, report) => {
    const code = `def main():\n  from matplotlib.pyplot import figure\n  figure()\n  ${ending}`;
    const [run, files] = await display('python', await withModules(code));
    expect(run).toMatchObject({ report });
    expect(files).toEqual({ '0001.png': 'png tight 1' });
  });

  it('does not show the figures of the parent in a forked child', async () => {
    const code = 'import matplotlib.pyplot as plt, os\nplt.figure()\nif os.fork():\n  os.wait()';
    const [, files] = await display('python', await withModules(code));
    expect(files).toEqual({ '0001.png': 'png tight 1' });
  });

  it('says on stderr what it could not show, and loses nothing else', async () => {
    const code = [
      'import matplotlib.pyplot as plt',
      'plt.figure().fails = True',
      'plt.figure()',
      'class A:\n  def _repr_html_(self): raise OSError("no\\nhtml")',
      'display(A(), "next")',
      'def main(): return 1',
    ].join('\n');
    const [run, files] = await display('python', await withModules(code));
    expect(run).toMatchObject({ report: { value: 1 }, exitCode: 0 });
    expect(run.stderr).toBe('display: OSError: no html\ndisplay: ValueError: cannot be drawn\n');
    expect(Object.keys(files)).toEqual(['0001.txt', '0002.png']);
  });

  it('takes nothing for rich that answers to every name, or is a class', async () => {
    const code = 'class A:\n  def __getattr__(self, name): return lambda *a, **k: "x"\n  def __repr__(self): return "A"\ndisplay(A(), A)';
    const [run, files] = await display('python', code);
    expect(run.stderr).toBe('');
    expect(files).toEqual({ '0001.txt': 'A', '0002.txt': "<class '__main__.A'>" });
  });

  it('shows the value of a cell when it is rich, and its figures', async () => {
    const context = await ContextSession.start('python');
    await context.run(await withModules('import pandas, matplotlib.pyplot as plt'));
    expect(await context.run('pandas.DataFrame({"a": 1})')).toEqual({ state: 'none' });
    expect(await context.run('plt.figure()')).toEqual({ state: 'none' });
    expect(await context.run('plt.figure()\n5')).toMatchObject({ value: 5 });
    expect(await context.run('"not rich"')).toMatchObject({ value: 'not rich' });
    expect(await context.displayed()).toEqual({ '0001.html': '<table>a</table>', '0002.png': 'png tight 1', '0003.png': 'png tight 1' });
  });
});

describe('display in JavaScript', () => {
  it('writes values in order, each in its richest form', async () => {
    const code = [
      'const form = Symbol.for("Jupyter.display");',
      'display("text", { a: [1, "é"] }, 3, new Set([1]));',
      'display({ [form]: () => ({ "text/plain": "a", "text/html": "<i>" }) });',
      'display({ [form]: async () => ({ "image/svg+xml": "<svg/>" }) });',
      'display({ [form]: () => ({ "image/png": "iVBORw0KGgo=" }) });',
      'display(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), new Uint8Array([0xff, 0xd8, 0xff, 0xe0]));',
      'display.raw({ "text/csv": "a,b" }, { "application/json": { a: 1 } }, { "application/vnd.a+json": [1] });',
      'exports.main = () => 1;',
    ].join('\n');
    const [run, files] = await display('javascript', code);
    expect(run).toMatchObject({ report: { value: 1 }, stderr: '', stdout: '' });
    expect(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, Buffer.from(content, 'latin1').toString()]))).toEqual({
      '0001.txt': 'text',
      '0002.json': '{"a":[1,"é"]}',
      '0003.txt': '3',
      '0004.txt': 'Set(1) { 1 }',
      '0005.html': '<i>',
      '0006.svg': '<svg/>',
      '0007.png': Buffer.from(PICTURE, 'latin1').toString(),
      '0008.png': Buffer.from(PICTURE, 'latin1').toString(),
      '0009.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString(),
      '0010.csv': 'a,b',
      '0011.json': '{"a":1}',
      '0012.json': '[1]',
    });
  });

  it('says on stderr what it could not show, and loses nothing else', async () => {
    const failing = 'display({ [Symbol.for("Jupyter.display")]: () => { throw new Error("no\\nform"); } });';
    const rejecting = 'display({ [Symbol.for("Jupyter.display")]: () => Promise.reject(5) }, "next");';
    const [run, files] = await display('javascript', `${failing}${rejecting} exports.main = () => 1;`);
    expect(run).toMatchObject({ report: { value: 1 }, exitCode: 0 });
    expect(run.stderr).toBe('display: Error: no form\ndisplay: 5\n');
    expect(Object.values(files)).toEqual(['next']);
  });

  it('may be a name of the program', async () => {
    const folder = await workFolder();
    const run = await runProgram('javascript', { code: 'const display = 5; exports.main = () => display', folder });
    expect(run).toMatchObject({ report: { value: 5 } });
  });

  it('shows the value of a cell when it is rich, before its report', async () => {
    const context = await ContextSession.start('javascript');
    const form = (bundle: string) => `({ a: 1, [Symbol.for("Jupyter.display")]: ${bundle} })`;
    expect(await context.run(form('() => ({ "text/html": "<b>" })'))).toMatchObject({ value: { a: 1 } });
    const slow = 'async () => { await new Promise((resolve) => setTimeout(resolve, 20)); return { "text/markdown": "# a" } }';
    expect(await context.run(form(slow))).toMatchObject({ value: { a: 1 } });
    expect(await context.displayed()).toEqual({ '0001.html': '<b>', '0002.md': '# a' });
  });
});

describe.each([
  ['python', 'import os, shutil\n', 'shutil.rmtree("artifacts")', 'os.chdir("/")'],
  ['javascript', 'const fs = require("node:fs");', 'fs.rmSync("artifacts", { recursive: true });', 'process.chdir("/");'],
] as const)('the display folder of %s', (language, setup, removal, change) => {
  it('is made anew when the program removed it, and stays where it was', async () => {
    const [run, files] = await display(language, `${setup}display("a")\n${removal}\n${change}\ndisplay("b")`);
    expect(run).toMatchObject({ report: { state: 'none' }, stderr: '' });
    expect(files).toEqual({ '0002.txt': 'b' });
  });

  it('keeps what an earlier process displayed', async () => {
    const folder = await workFolder();
    await display(language, 'display("a", "b")', folder);
    const [, files] = await display(language, 'display({ "c": 1 })', folder);
    expect(Object.keys(files)).toEqual(['0001.txt', '0002.txt', '0003.json']);
  });

  it.each(['artifacts', 'artifacts/display'])('is not reached through a link in place of %s', async (place) => {
    const [folder, outside] = [await workFolder(), await workFolder()];
    if (place !== 'artifacts') await mkdir(join(folder, 'artifacts'));
    await symlink(outside, join(folder, place));
    const run = await runProgram(language, { code: 'display("a")', folder });
    expect(run).toMatchObject({ report: { state: 'none' }, stderr: expect.stringMatching(/^display: .+\n$/) as unknown });
    expect(await readdir(outside)).toEqual([]);
  });
});
