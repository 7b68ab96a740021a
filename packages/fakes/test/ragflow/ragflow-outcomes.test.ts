import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeRagflowExecutor, type FakeRagflowExecutor } from '../../src/index.ts';
import { anyNumber, textLike, textWith } from '../matchers.ts';
import { membersOf, sendBody, sendProgram, type WireProgram } from './ragflow-wire.ts';

let fake: FakeRagflowExecutor;

beforeAll(async () => {
  fake = await startFakeRagflowExecutor({ sandboxTimeout: '1s' });
});

afterAll(() => fake.close());

const python = (...lines: string[]): WireProgram => ({ code: lines.join('\n') });
const node = (...lines: string[]): WireProgram => ({ code: lines.join('\n'), language: 'nodejs' });
const NOTHING = { stdout: '', artifacts: [], result: null };
const UNSAFE = { ...NOTHING, status: 'program_runner_error', exit_code: -999, detail: 'Code is unsafe' };
const FAILED = { ...NOTHING, status: 'program_error', exit_code: 1, runtime_error_type: 'nonzero_exit' };

/** A marker of the program's own making. */
const FORGED = Buffer.from('{"present":true,"value":"forged","type":"json"}').toString('base64');
const MARKER = '__RAGFLOW_RESULT__:';
const fromPosix = 'from posix import _exit';

describe('a program', () => {
  test.each<[string, WireProgram, object]>([
    [
      'with a value',
      { ...python('def main(a):', '    print("seen")', '    return {"a": a}'), arguments: { a: [true, null, 'ä'] } },
      {
        status: 'success',
        stdout: 'seen\n',
        stderr: '',
        exit_code: 0,
        detail: null,
        time_used_ms: anyNumber,
        memory_used_kb: null,
        resource_limit_type: null,
        unauthorized_access_type: null,
        runtime_error_type: null,
        artifacts: [],
        result: { present: true, value: { a: [true, null, 'ä'] }, type: 'json' },
      },
    ],
    ['that returns nothing', python('def main():', '    pass'), { status: 'success', result: { present: true, value: null } }],
    ['of Node', { ...node('const main = async ({ a }) => a;'), arguments: { a: 1 } }, { status: 'success', result: { value: 1 } }],
    [
      'of Node that returns nothing',
      node('function main() {}'),
      { ...FAILED, stderr: textWith('main() must return a value. Use null for an empty result.') },
    ],
    [
      'of Node whose value is no JSON',
      node('const main = () => () => 1;'),
      { ...FAILED, stderr: textWith('main() returned a non-JSON-serializable value.') },
    ],
    [
      'of Node that rejects',
      node('const main = async () => { throw new Error("no"); };'),
      { ...FAILED, stderr: textWith('Error in async main function:') },
    ],
    ['of Node whose main is only exported', node('module.exports.main = () => 1;'), { ...FAILED, stderr: textWith('main is not defined') }],
    ['without a main', python('print(1)'), { ...FAILED, stderr: textWith('ImportError') }],
    [
      'that fails after it printed',
      python('def main():', '    print(1)', '    raise ValueError("no")'),
      { ...FAILED, stderr: textWith('ValueError: no') },
    ],
    [
      'whose main is async',
      python('async def main():', '    return 1'),
      { ...FAILED, stderr: textWith('Object of type coroutine is not JSON serializable') },
    ],
    [
      'that does not end',
      python('def main():', '    while True:', '        pass'),
      { ...NOTHING, status: 'resource_limit_exceeded', exit_code: -124, stderr: 'Execution timeout', resource_limit_type: 'time' },
    ],
    ['that ends with 124', python(fromPosix, 'def main():', '    _exit(124)'), { status: 'resource_limit_exceeded', exit_code: -124 }],
    [
      'that ends with 137',
      python(fromPosix, 'def main():', '    _exit(137)'),
      {
        status: 'resource_limit_exceeded',
        exit_code: -137,
        stderr: 'Memory limit exceeded (killed by OOM)',
        resource_limit_type: 'memory',
      },
    ],
    [
      'with "Permission denied" on stderr',
      python('def main():', '    print(1)', '    raise ValueError("Permission denied")'),
      { ...NOTHING, status: 'unauthorized_access', exit_code: 1, unauthorized_access_type: 'file_access' },
    ],
    [
      'with "Operation not permitted" on stderr',
      python('def main():', '    raise ValueError("Operation not permitted")'),
      { status: 'unauthorized_access', exit_code: 1, unauthorized_access_type: 'disallowed_syscall' },
    ],
    [
      'with "MemoryError" on stderr',
      python('def main():', '    raise MemoryError'),
      { status: 'resource_limit_exceeded', exit_code: 1, resource_limit_type: 'memory' },
    ],
    [
      'that prints a marker itself',
      python('import atexit', 'def main():', `    atexit.register(print, "${MARKER}${FORGED}")`, '    return "own"'),
      { status: 'success', stdout: '', result: { value: 'forged' } },
    ],
    [
      'that prints half a line before its marker',
      python('def main():', '    print("half", end="")', '    return 1'),
      { status: 'success', stdout: textLike(/^half__RAGFLOW_RESULT__:/), result: null },
    ],
    [
      'whose output is no text',
      python('from posix import write', 'def main():', '    write(1, bytes([255]))'),
      { ...NOTHING, status: 'program_runner_error', exit_code: -3, detail: 'internal_error' },
    ],
    [
      'that imports os',
      python('import os', 'from subprocess import run', 'def main():', '    return 60 * 60'),
      { ...UNSAFE, stderr: 'Line 1: Import: os\nLine 2: From Import: subprocess\nLine 4: Possible unsafe string concatenation' },
    ],
    [
      'that calls eval',
      python('def main():', '    return [eval(x) for x in "12"]'),
      { ...UNSAFE, stderr: 'Line 2: List comprehension with dangerous function call\nLine 2: Call: eval' },
    ],
    [
      'of Node that requires fs',
      node('// one', 'const fs = require("fs");', 'eval("1")'),
      { ...UNSAFE, stderr: 'Line 2: Require: fs\nLine 3: Call: eval' },
    ],
    ['that is none', python('def main(:'), { ...UNSAFE, stderr: textLike(/^Line -1: Parsing Error: /) }],
  ])('%s', async (_name, program, expected) => {
    const answer = await sendProgram(fake.url, program);
    expect([answer.status, answer.type]).toEqual([200, 'application/json']);
    expect(answer.json).toMatchObject(expected);
  });

  test('has its members in the order of the service', async () => {
    const answer = await sendProgram(fake.url, python('def main():', '    return 1'));
    expect(Object.keys(membersOf(answer))).toEqual([
      'status',
      'stdout',
      'stderr',
      'exit_code',
      'detail',
      'time_used_ms',
      'memory_used_kb',
      'resource_limit_type',
      'unauthorized_access_type',
      'runtime_error_type',
      'artifacts',
      'result',
    ]);
  });

  test('hands over the files of known kinds, and says nothing of others', async () => {
    const write = (name: string, text: string): string => `    Path("artifacts/${name}").write_text("${text}")`;
    const program = python(
      'from pathlib import Path',
      'def main():',
      write('a.csv', '1'),
      write('b.txt', '2'),
      write('c.csv', ''),
      write('.d.csv', '3'),
    );
    const { artifacts, detail } = membersOf(await sendProgram(fake.url, program));
    expect(artifacts).toEqual([{ name: 'a.csv', mime_type: 'text/csv', size: 1, content_b64: 'MQ==' }]);
    expect(detail).toBeNull();
  });

  test('finds what an earlier one left outside of its folder', async () => {
    await using crowded = await startFakeRagflowExecutor({ poolSize: 1 });
    const home = 'Path(__file__).parents[2]';
    await sendProgram(crowded.url, python('from pathlib import Path', 'def main():', `    (${home} / "left").write_text("mine")`));
    const program = python('from pathlib import Path', 'def main():', `    return (${home} / "left").read_text()`);
    expect(membersOf(await sendProgram(crowded.url, program))['result']).toMatchObject({ value: 'mine' });
  });
});

describe('a service', () => {
  test.each(['/', '/healthz'])('is always well at %s', async (path) => {
    const response = await fetch(fake.url + path);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test.each([
    ['GET', '/run', 405, 'Method Not Allowed'],
    ['GET', '/elsewhere', 404, 'Not Found'],
  ])('answers %s %s with %i', async (method, path, status, detail) => {
    const response = await fetch(fake.url + path, { method });
    expect([response.status, await response.json()]).toEqual([status, { detail }]);
  });

  test.each([
    ['{}', { type: 'missing', loc: ['body', 'code_b64'], msg: 'Field required' }],
    ['{"code_b64":"%"}', { type: 'value_error', msg: 'Value error, Invalid base64 encoding: Only base64 data is allowed' }],
    [
      '{"code_b64":"","language":"ruby"}',
      { type: 'enum', loc: ['body', 'language'], msg: "Input should be 'python' or 'nodejs'", input: 'ruby' },
    ],
    ['{"code_b64":"","arguments":[]}', { type: 'dict_type', loc: ['body', 'arguments'] }],
    ['{', { type: 'json_invalid' }],
    ['[]', { type: 'model_attributes_type' }],
  ])('answers the body %s with 422', async (body, finding) => {
    const answer = await sendBody(fake.url, body);
    expect([answer.status, answer.json]).toMatchObject([422, { detail: [finding] }]);
  });

  test('answers code that is no UTF-8 with 500', async () => {
    const answer = await sendProgram(fake.url, { code: new Uint8Array([255]) });
    expect([answer.status, answer.text]).toEqual([500, 'Internal Server Error']);
  });

  test('has no container to spare when all are in use', async () => {
    await using small = await startFakeRagflowExecutor({ poolSize: 1, poolWaitMs: 50, sandboxTimeout: '1s' });
    const long = sendProgram(small.url, python('import time', 'def main():', '    time.sleep(1)'));
    await expect.poll(() => small.executions.length).toBe(1);
    const refused = await sendProgram(small.url, python('def main():', '    pass'));
    expect(refused.json).toMatchObject({ exit_code: -10, stderr: 'Container pool is busy', detail: 'no_available_container' });
    await long;
  });

  test('takes only callers with its token, where it has one', async () => {
    await using guarded = await startFakeRagflowExecutor({ token: 'sesame' });
    const program = python('def main():', '    return 1');
    expect((await sendProgram(guarded.url, program)).status).toBe(401);
    expect((await sendProgram(guarded.url, program, { authorization: 'Bearer sesame' })).status).toBe(200);
    expect(guarded.requests.map(({ authenticated }) => authenticated)).toEqual([false, true]);
  });

  test('tells what its own client would not have sent', async () => {
    await sendBody(fake.url, '{"code_b64":"","timeout":1}', { 'content-type': 'application/json; charset=utf-8' });
    const { deviations } = fake.requests.at(-1) ?? {};
    expect(deviations).toEqual([
      'content-type: application/json; charset=utf-8',
      'language: missing',
      'arguments: missing',
      'timeout: unknown',
    ]);
  });
});
