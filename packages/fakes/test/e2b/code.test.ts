import { Sandbox } from '@e2b/code-interpreter';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeE2b, type FakeE2b } from '../../src/index.ts';
import { anyNumber, anyText, textWith } from '../matchers.ts';
import { connectionTo, failureOf } from './e2b-user.ts';
import { WireUser } from './wire.ts';

const PATIENTLY = { timeout: 10_000 };

let fake: FakeE2b;
let sandbox: Sandbox;
let user: WireUser;

beforeAll(async () => {
  fake = await startFakeE2b({ fileSystem: 'mapped' });
  sandbox = await Sandbox.create({ ...connectionTo(fake), envs: { COLOUR: 'red' } });
  user = await new WireUser(fake).open();
});

afterAll(() => fake.close());

describe('the vendor client', () => {
  test('keeps the state of a context, and counts', async () => {
    const first = await sandbox.runCode('number = 20');
    const second = await sandbox.runCode('number + 1');
    expect([first.text, second.text, (second.executionCount ?? 0) - (first.executionCount ?? 0)]).toEqual([undefined, '21', 1]);
  });

  test('is told output as it comes, and errors as values', async () => {
    const lines: string[] = [];
    const code = 'import sys\nprint("äöü")\nprint("bad", file=sys.stderr)\n1/0';
    const execution = await sandbox.runCode(code, { onStdout: ({ line }) => void lines.push(line) });
    expect(lines).toEqual(['äöü\n']);
    expect(execution.logs).toEqual({ stdout: ['äöü\n'], stderr: ['bad\n'] });
    expect(execution.error).toMatchObject({ name: 'ZeroDivisionError', value: 'division by zero', traceback: textWith('Traceback') });
  });

  test('runs JavaScript', async () => {
    const execution = await sandbox.runCode('console.log("out"); const answer = await Promise.resolve(42); answer', {
      language: 'javascript',
    });
    expect([execution.text, execution.logs.stdout]).toEqual(['42', ['out\n']]);
  });

  test('gives code variables, for its time only', async () => {
    const code = 'import os\n[os.environ.get("COLOUR"), os.environ.get("EXTRA")]';
    expect((await sandbox.runCode(code, { envs: { EXTRA: "it's" } })).text).toBe(`['red', "it's"]`);
    expect((await sandbox.runCode(code)).text).toBe("['red', None]");
    const script = '[process.env.COLOUR, process.env.EXTRA].join()';
    expect((await sandbox.runCode(script, { language: 'javascript', envs: { EXTRA: 'x' } })).text).toBe('red,x');
    expect((await sandbox.runCode(script, { language: 'javascript' })).text).toBe('red,');
  });

  test('makes, lists, restarts and removes contexts', async () => {
    const context = await sandbox.createCodeContext({ cwd: '/tmp', language: 'python' });
    expect(context).toMatchObject({ id: anyText, cwd: '/tmp', language: 'python' });
    expect((await sandbox.listCodeContexts()).map(({ language }) => language).toSorted()).toEqual(['javascript', 'python', 'python']);
    await sandbox.runCode('kept = 1', { context });
    expect((await sandbox.runCode('"kept" in globals()', { context })).text).toBe('True');
    expect((await sandbox.runCode('"kept" in globals()')).text).toBe('False');
    await sandbox.restartCodeContext(context);
    await expect.poll(async () => (await sandbox.runCode('"kept" in globals()', { context })).text, PATIENTLY).toBe('False');
    await sandbox.removeCodeContext(context);
    expect(await failureOf(sandbox.runCode('1', { context }))).toMatchObject({ name: 'NotFoundError' });
  });

  test('reads results in many forms', async () => {
    const code = `
class Rich:
    def _repr_html_(self): return "<b>x</b>"
    def _repr_png_(self): return b"\\x89PNG"
    def _repr_json_(self): return {"a": 1}
    def _repr_mimebundle_(self, **options): return {"e2b/chart": {"type": "bar", "title": "T", "elements": []}, "text/x-own": "own"}
    def __repr__(self): return "rich"
display({"text/plain": "shown", "text/markdown": "# M"}, raw=True)
Rich()`;
    const { results, text } = await sandbox.runCode(code);
    expect(text).toBe('rich');
    expect(results[0]).toMatchObject({ isMainResult: false, text: 'shown', markdown: '# M' });
    expect(results[1]).toMatchObject({
      isMainResult: true,
      html: '<b>x</b>',
      png: 'iVBORw==',
      json: { a: 1 },
      chart: { type: 'bar', title: 'T' },
    });
    expect(results[1]?.raw).toMatchObject({ extra: { 'text/x-own': 'own' } });
    expect((await sandbox.runCode('"quoted"')).text).toBe('quoted');
  });

  test('interrupts code whose time is over, and its context goes on', async () => {
    await sandbox.runCode('before = 1');
    expect(await failureOf(sandbox.runCode('import time\ntime.sleep(600)', { timeoutMs: 500 }))).toMatchObject({ name: 'TimeoutError' });
    expect((await sandbox.runCode('before')).text).toBe('1');
  });
});

describe('code on the wire', () => {
  test('is one event a line, to the end', async () => {
    const { headers, events } = await user.execute({ code: 'print("a")\n"b"' });
    expect(headers['content-type']).toMatch(/ndjson/);
    expect(events).toEqual([
      { type: 'number_of_executions', execution_count: anyNumber },
      { type: 'stdout', text: 'a\n', timestamp: anyText },
      { type: 'result', text: 'b', is_main_result: true },
      { type: 'end_of_execution' },
    ]);
  });

  test('comes while it runs', async () => {
    let text = '';
    const code = 'import os, time\nprint("now")\nwhile not os.path.exists("go"): time.sleep(0.01)\nprint("later")';
    const running = user.execute({ code }, { onPiece: (piece) => void (text += piece.toString()) });
    await expect.poll(() => text, PATIENTLY).toContain('now');
    expect(text).not.toContain('later');
    await user.inSandbox({ method: 'POST', path: '/files?path=go', headers: { 'content-type': 'application/octet-stream' } });
    expect((await running).events.at(-1)).toEqual({ type: 'end_of_execution' });
  });

  test('takes turns in one context, and not in two', async () => {
    const code = (name: string): string => `import time\nstart = time.time()\ntime.sleep(0.1)\nprint("${name}", end="")`;
    const [first, second] = await Promise.all([user.execute({ code: code('1') }), user.execute({ code: code('2') })]);
    expect([first, second].map(({ events }) => events.filter(({ type }) => type === 'stdout').length)).toEqual([1, 1]);
    const waiting = 'import os, time\nwhile not os.path.exists("other"): time.sleep(0.01)';
    const blocked = user.execute({ code: waiting });
    const freeing = await user.execute({ code: 'require("fs").writeFileSync("other", "")', language: 'javascript' });
    expect([freeing.status, (await blocked).events.at(-1)]).toEqual([200, { type: 'end_of_execution' }]);
  });

  test('is interrupted when its caller goes, and left out when it has not begun', async () => {
    const before = fake.executions.length;
    const caller = new AbortController();
    const failing = failureOf(user.execute({ code: 'import time\ntime.sleep(600)' }, { signal: caller.signal }));
    const waiting = failureOf(user.execute({ code: 'open("ran", "w")' }, { signal: caller.signal }));
    await expect.poll(() => fake.executions.length, PATIENTLY).toBe(before + 1);
    await expect.poll(() => fake.requests.length, PATIENTLY).toBeGreaterThan(0);
    caller.abort();
    await Promise.all([failing, waiting]);
    const { events } = await user.execute({ code: 'import os\nos.path.exists("ran")' });
    expect(events).toContainEqual({ type: 'result', text: 'False', is_main_result: true });
  });

  test('that kills its interpreter has an error, and the next has a new interpreter', async () => {
    const { events } = await user.execute({ code: 'import os\nprint("last", flush=True)\nos._exit(1)' });
    expect(events.map(({ type }) => type)).toEqual(['number_of_executions', 'stdout', 'error', 'end_of_execution']);
    expect(events[2]).toMatchObject({ name: 'ContextRestarting' });
    expect((await user.execute({ code: '1' })).events[0]).toEqual({ type: 'number_of_executions', execution_count: 1 });
  });

  test('writes much, to a reader who takes it', async () => {
    const { events } = await user.execute({ code: 'for _ in range(200): print("x" * 20_000)' });
    const length = events.reduce((sum, { type, text }) => sum + (type === 'stdout' && typeof text === 'string' ? text.length : 0), 0);
    expect(length).toBe(200 * 20_001);
  });

  test.each([
    ['an unknown context', { code: '1', context_id: 'nothing' }, 404],
    ['a context and a language', { code: '1', context_id: 'nothing', language: 'python' }, 400],
    ['a language that has no kernel', { code: '1', language: 'cobol' }, 500],
    ['no code', {}, 422],
  ])('with %s is refused in plain text', async (_title, input, status) => {
    const reply = await user.execute(input);
    expect([reply.status, reply.headers['content-type']]).toEqual([status, 'text/plain; charset=utf-8']);
    expect(reply.body.length).toBeGreaterThan(0);
  });

  test('says now and then that it lives', async () => {
    await using other = await startFakeE2b({ fileSystem: 'mapped', interpreterKeepAliveMs: 20 });
    const inside = await new WireUser(other).open();
    let text = '';
    const code = 'import os, time\nwhile not os.path.exists("go"): time.sleep(0.01)';
    const running = inside.execute({ code }, { onPiece: (piece) => void (text += piece.toString()) });
    await expect.poll(() => text, PATIENTLY).toContain('{"type":"keepalive"}');
    await inside.inSandbox({ method: 'POST', path: '/files?path=go', headers: { 'content-type': 'application/octet-stream' } });
    expect((await running).events.at(-1)).toEqual({ type: 'end_of_execution' });
  });

  test('is silent where that is wanted', async () => {
    await using other = await startFakeE2b({ fileSystem: 'mapped', keepAlives: false, interpreterKeepAliveMs: 20 });
    const { events } = await (await new WireUser(other).open()).execute({ code: 'import time\ntime.sleep(0.2)' });
    expect(events.map(({ type }) => type)).toEqual(['number_of_executions', 'end_of_execution']);
  });

  test('has a server that says that it lives', async () => {
    expect(await user.inSandbox({ path: '/health' }, 49999)).toMatchObject({ status: 200, json: 'OK' });
    const withoutToken = new WireUser(fake);
    withoutToken.sandboxId = user.sandboxId;
    expect(await withoutToken.inSandbox({ path: '/contexts' }, 49999)).toMatchObject({ status: 200 });
  });
});
