import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFakeAgentRun, type AgentRunFault, type FakeAgentRun } from '../../src/index.ts';
import { AgentRunUser } from './agent-run-user.ts';
import { anyList, anyNumber, anyText, textLike, textWith } from '../matchers.ts';

let fake: FakeAgentRun;
let user: AgentRunUser;

beforeAll(async () => {
  fake = await startFakeAgentRun();
  user = new AgentRunUser(fake);
  await user.open('box', { environmentVariables: { GREETING: 'hello' } });
});

afterEach(() => fake.faults.clear());

afterAll(() => fake.close());

const ok = { type: 'endOfExecution', status: 'ok' };
const run = async (language: string, code: string, more: Record<string, unknown> = {}): Promise<unknown[]> => {
  const { json, status, text } = await user.execute({ language, code, ...more });
  if (status !== 200) throw new Error(`${status} ${text}`);
  return json.results;
};
const withFault = (fault: AgentRunFault): void => void fake.faults.add({ match: { plane: 'data' }, times: 1, fault });

describe('contexts', () => {
  test('are created, read, listed and deleted', async () => {
    const created = await user.data('POST', '/sandboxes/box/contexts', { language: 'python', cwd: '/home/user' });
    expect([201, created.json]).toEqual([created.status, { id: anyText, language: 'python', cwd: '/home/user' }]);
    const path = `/sandboxes/box/contexts/${created.json.id}`;
    expect((await user.data('GET', path)).json).toEqual(created.json);
    expect((await user.data('GET', '/sandboxes/box/contexts')).json).toContainEqual(created.json);
    const deleted = await user.data('DELETE', path);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await user.data('GET', path)).status).toBe(404);
    expect((await user.data('DELETE', path)).json).toMatchObject({ code: 'NOT_FOUND' });
    expect((await user.execute({ contextId: created.json.id, code: '1' })).json.code).toBe('NOT_FOUND');
  });

  test('are interpreters of their own, which keep their variables', async () => {
    const [one, other] = await Promise.all(
      ['python', 'python'].map(async (language) => (await user.data('POST', '/sandboxes/box/contexts', { language })).json.id),
    );
    const execute = async (contextId: string | undefined, code: string): Promise<unknown> =>
      (await user.execute({ contextId, code })).json.results;
    await execute(one, 'kept = 41');
    expect(await execute(one, 'kept + 1')).toEqual([{ type: 'result', text: '42' }, ok]);
    expect(await execute(other, 'kept')).toEqual([
      { type: 'error', text: textWith('NameError') },
      { ...ok, status: 'error' },
    ]);
  });

  test('are for the languages that there are, and for folders that there are', async () => {
    expect((await user.data('POST', '/sandboxes/box/contexts', { language: 'ruby' })).status).toBe(400);
    expect((await user.data('POST', '/sandboxes/box/contexts', { language: 'python', cwd: '/home/user/none' })).status).toBe(400);
    expect((await user.data('POST', '/sandboxes/box/contexts', { language: 'python', cwd: '/etc' })).status).toBe(403);
  });
});

describe('code', () => {
  test('in Python runs as the main program, at home, with the environment of the template', async () => {
    const code =
      'import os, sys\nprint(__name__, os.environ["GREETING"])\nprint("to err", file=sys.stderr)\nprint("☃")\nopen("a.txt", "w").write("x")';
    expect(await run('python', code)).toEqual(
      expect.arrayContaining([{ type: 'stderr', text: 'to err' }, { type: 'result', text: '1' }, ok]),
    );
    expect((await user.command('cat "$HOME/a.txt"')).json.result).toMatchObject({ exitCode: 0, stdout: 'x' });
    expect(await run('python', 'import sys\nprint(1)\nsys.stdout.flush()\nprint(2)')).toEqual([
      { type: 'stdout', text: '1\n2' },
      { type: 'result', text: 'None' },
      ok,
    ]);
  });

  test('in JavaScript has the means of Node, and waits at its top', async () => {
    const code = `const { readdirSync } = require('node:fs');\nconsole.log(readdirSync('.').length > 0);\nconst os = await import('node:os');\nos.EOL`;
    expect(await run('javascript', code)).toEqual([{ type: 'stdout', text: 'true' }, { type: 'result', text: String.raw`'\n'` }, ok]);
    expect(await run('javascript', 'var kept = { a: [1] };')).toEqual([ok]);
    expect(await run('javascript', 'kept')).toEqual([{ type: 'result', text: '{ a: [ 1 ] }' }, ok]);
    expect(await run('javascript', '(await import("node:path")).sep')).toContainEqual({ type: 'result', text: "'/'" });
    expect(await run('javascript', 'import("node:path").then((path) => console.log(path.sep)); 1')).toContainEqual(ok);
  });

  test('in Python waits at its top, too', async () => {
    expect(await run('python', 'import asyncio\nawait asyncio.sleep(0)\nawait asyncio.sleep(0, 7)')).toEqual([
      { type: 'result', text: '7' },
      ok,
    ]);
  });

  test.each([
    ['python', 'raise ValueError("a")', 'ValueError: a'],
    ['python', 'def (', 'SyntaxError'],
    ['python', 'import sys\nsys.exit(3)', 'SystemExit: 3'],
    ['javascript', 'throw new RangeError("a")', 'RangeError: a'],
    ['javascript', 'await null; throw new RangeError("a")', 'RangeError: a'],
    ['javascript', 'function (', 'SyntaxError'],
    ['javascript', 'throw 5', 'Uncaught 5'],
  ])('in %s that fails is an error: %s', async (language, code, expected) => {
    expect(await run(language, code)).toEqual([
      { type: 'error', text: textWith(expected) },
      { type: 'endOfExecution', status: 'error' },
    ]);
  });

  test.each([
    ['python', 'import os\nos._exit(0)'],
    ['javascript', 'process.exit(0)'],
  ])('in %s that ends its interpreter is an error, and the next has a new one', async (language, code) => {
    expect(await run(language, code)).toEqual([
      { type: 'error', text: textWith('Kernel died') },
      { type: 'endOfExecution', status: 'error' },
    ]);
    expect(await run(language, '1 + 1')).toContainEqual({ type: 'result', text: '2' });
  });

  test('that takes too long is stopped, and the next runs', async () => {
    const stop = async (language: string, code: string, next: string): Promise<unknown[]> => {
      const { id } = (await user.data('POST', '/sandboxes/box/contexts', { language })).json;
      const { results } = (await user.execute({ contextId: id, code, timeout: 1 })).json;
      expect(results).toEqual([
        { type: 'error', text: 'TimeoutError: Execution timed out after 1 seconds' },
        { type: 'endOfExecution', status: 'timeout' },
      ]);
      return (await user.execute({ contextId: id, code: next })).json.results;
    };
    const [interrupted, ...restarted] = await Promise.all([
      stop('python', 'kept = 2\nwhile True: pass', 'kept'),
      stop('python', 'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass', '1 + 1'),
      stop('javascript', 'while (true);', '1 + 1'),
      stop('javascript', 'await new Promise((resolve) => setTimeout(resolve, 60_000));', '1 + 1'),
    ]);
    // Python is interrupted and keeps its variables; where that does not help, there is a new interpreter.
    expect(interrupted).toEqual([{ type: 'result', text: '2' }, ok]);
    for (const results of restarted) expect(results).toEqual([{ type: 'result', text: '2' }, ok]);
  });

  test('is taken with exactly one of context and language, and with a possible time', async () => {
    const refusals = [{ contextId: 'a', language: 'python' }, {}, { language: 'python', timeout: 31 }, { language: 'python', timeout: 0 }];
    for (const body of [...refusals, { language: 'python', timeout: '5' }, { language: 'ruby' }])
      expect((await user.execute({ code: '1', ...body })).json).toMatchObject({ code: 'INVALID_REQUEST' });
    expect((await user.execute({ language: 'python' })).status).toBe(400);
    expect((await user.data('POST', '/sandboxes/box/contexts/execute', '{"code"')).status).toBe(400);
  });

  test('in one context runs one after the other', async () => {
    const code = 'import time\nbegan = time.time()\ntime.sleep(0.05)\nprint(began, time.time())';
    const answers = await Promise.all([run('python', code), run('python', code), run('python', code)]);
    const spans = answers.map(([output]) => (output as { text: string }).text.split(' ').map(Number)).toSorted(([a = 0], [b = 0]) => a - b);
    for (const [index, [began = 0]] of spans.entries()) if (index > 0) expect(began).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0);
  });

  test('is counted when it really runs', async () => {
    const before = fake.executions.length;
    await user.execute({ language: 'ruby', code: '1' });
    await run('python', '1');
    await user.command('true');
    expect(fake.executions.slice(before)).toMatchObject([
      { kind: 'code', sandboxId: 'box', language: 'python', contextId: anyText },
      { kind: 'command', sandboxId: 'box' },
    ]);
  });

  test('may print much', async () => {
    const [output] = await run('python', 'for i in range(20000): print("x" * 99)');
    expect((output as { text: string }).text).toHaveLength(2_000_000 - 1);
  });
});

describe('answers to code', () => {
  test.each([
    [{ kind: 'no-end-of-execution' }, [{ type: 'error', text: anyText }]],
    [{ kind: 'error-shape', shape: 'value' }, [{ type: 'error', value: 'ValueError: a' }]],
    [{ kind: 'error-shape', shape: 'ename-evalue' }, [{ type: 'error', ename: 'ValueError', evalue: 'a' }]],
    [{ kind: 'error-shape', shape: 'name-value' }, [{ type: 'error', name: 'ValueError', value: 'a' }]],
    [{ kind: 'error-shape', shape: 'traceback' }, [{ type: 'error', traceback: textWith('ValueError: a') }]],
    [{ kind: 'error-shape', shape: 'traceback-lines' }, [{ type: 'error', ename: 'ValueError', evalue: 'a', traceback: anyList }]],
  ] as [AgentRunFault, unknown[]][])('show %o', async (fault, expected) => {
    withFault(fault);
    const end = fault.kind === 'no-end-of-execution' ? [] : [{ type: 'endOfExecution', status: 'error' }];
    expect(await run('python', 'raise ValueError("a")')).toEqual([...expected, ...end]);
  });

  test('show values as maps of types', async () => {
    withFault({ kind: 'result-data' });
    expect(await run('python', '5')).toEqual([{ type: 'result', data: { 'text/plain': '5' }, executionCount: anyNumber }, ok]);
    withFault({ kind: 'result-data' });
    expect(await run('python', 'a = 5')).toMatchObject([{ data: { 'text/plain': 'Code executed successfully' } }, ok]);
  });

  test('show output in pieces', async () => {
    withFault({ kind: 'output-in-pieces' });
    const items = await run('python', 'import time\nprint("a", flush=True)\ntime.sleep(0.1)\nprint("b")');
    expect(items).toEqual([{ type: 'stdout', text: 'a\n' }, { type: 'stdout', text: 'b\n' }, { type: 'result', text: 'None' }, ok]);
  });

  test.each([
    ['request-timeout', 408, 'application/json; charset=utf-8'],
    ['gateway-timeout', 504, 'text/html'],
  ] as const)('of a gateway that lost patience: %s', async (answer, status, type) => {
    fake.faults.add({ fault: { kind: 'timeout-answer', answer } });
    const [code, command] = await Promise.all([
      user.execute({ language: 'python', code: 'while True: pass', timeout: 1 }),
      user.command('sleep 60', { timeout: 1 }),
    ]);
    expect([code.status, code.headers['content-type']]).toEqual([status, type]);
    expect(command.status).toBe(status);
  });
});

describe('commands', () => {
  test.each([
    ['exit 7', { exitCode: 7, stdout: '', stderr: '' }],
    ['printf a; printf b >&2', { exitCode: 0, stdout: 'a', stderr: 'b' }],
    ['kill -9 $$', { exitCode: 137 }],
    ['pwd; echo $GREETING', { stdout: textLike(/\/home\/user\nhello\n$/) }],
    ['cat', { exitCode: 0, stdout: '' }],
    ['echo "$ALIYUN_TEST_SECRET"', { stdout: '\n' }],
  ])('run in a shell: %s', async (command, expected) => {
    process.env['ALIYUN_TEST_SECRET'] = 'of the host';
    const { status, json } = await user.command(command);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      executionId: anyText,
      status: 'completed',
      executionTimeMs: anyNumber,
      result: expected,
    });
  });

  test('end when their time is over, and take no impossible one', async () => {
    const { json } = await user.command('echo a; sleep 60', { timeout: 1 });
    expect(json).toMatchObject({ status: 'timeout', result: { exitCode: -1, stdout: 'a\n' } });
    expect((await user.command('true', { timeout: 31 })).status).toBe(400);
    expect((await user.command('')).status).toBe(400);
    expect((await user.command('true', { cwd: '/home/user/none' })).status).toBe(404);
  });

  test('leave processes in the background, which go on without a reader', async () => {
    const command = '(for i in 1 2 3 4 5 6; do echo tick >> ticks; echo unread; sleep 0.05; done; echo end >> ticks) &\necho started';
    expect((await user.command(command)).json.result).toMatchObject({ exitCode: 0, stdout: textWith('started') });
    await expect.poll(async () => (await user.command('tail -1 ticks')).json.result.stdout, { timeout: 10_000 }).toBe('end\n');
  });

  test('are listed, looked up and killed while they run', async () => {
    const running = user.command('trap "" TERM; sleep 60 & wait; wait');
    const list = async (): Promise<readonly { processId: string; status: string }[]> =>
      (await user.data('GET', '/sandboxes/box/processes')).json.items;
    await expect.poll(async () => (await list()).some(({ status }) => status === 'running'), { timeout: 10_000 }).toBe(true);
    const { processId } = (await list()).find(({ status }) => status === 'running') ?? { processId: '' };
    const path = `/sandboxes/box/processes/${processId}`;
    expect((await user.data('GET', path)).json).toMatchObject({ processId, status: 'running', working_dir: '/home/user', environment: {} });
    expect((await user.data('DELETE', path)).json).toMatchObject({ pid: processId, stopped: true, stopped_at: anyText });
    expect((await running).json).toMatchObject({ status: 'killed', result: { exitCode: 137 } });
    expect((await user.data('DELETE', path)).json).toMatchObject({ stopped: false });
    expect((await user.data('GET', '/sandboxes/box/processes/999999')).status).toBe(404);
  });

  test('have other published shapes', async () => {
    withFault({ kind: 'other-shape' });
    expect((await user.command('exit 4')).json).toMatchObject({ exit_code: 4, stdout: '' });
    withFault({ kind: 'other-shape' });
    expect((await user.data('GET', '/sandboxes/box/processes')).json).toBeInstanceOf(Array);
  });
});
