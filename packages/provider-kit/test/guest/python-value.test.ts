import { describe, expect, it } from 'vitest';
import { runProgram } from './run-program.ts';

const valueOf = (expression: string, setup = 'import math, datetime, decimal, enum, collections, dataclasses') =>
  runProgram('python', { code: `${setup}\ndef main():\n  return ${expression}` });

describe('the value of a Python main', () => {
  it.each([
    ['{"a": [1, 2.5, True, None, "é😀"]}', '{"a":[1,2.5,true,null,"\\u00e9\\ud83d\\ude00"]}'],
    ['2**70', '1180591620717411303424'],
    ['[0.1, -0.0, 1e300]', '[0.1,-0.0,1e+300]'],
    ['(1, (2,))', '[1,[2]]'],
    ['collections.namedtuple("P", "x")(1)', '[1]'],
    ['collections.OrderedDict(b=1, a=2)', '{"b":1,"a":2}'],
    ['enum.IntEnum("E", "A").A', '1'],
    ['{1: 1, 2.5: 2, True: 3, None: 4}', '{"1":3,"2.5":2,"null":4}'],
    ['"\\ud800"', '"\\ud800"'],
    ['"</script>\\n\\u2028"', '"</script>\\n\\u2028"'],
  ])('%s is %s', async (expression, valueJson) => {
    expect(await valueOf(expression)).toMatchObject({ report: { state: 'value', valueJson }, exitCode: 0, stderr: '' });
  });

  it.each([
    ['float("nan")', 'ValueError', 'value is nan, which JSON cannot carry'],
    ['{"a": [1, math.inf]}', 'ValueError', 'value.a[1] is inf, which JSON cannot carry'],
    ['{math.nan: 1}', 'ValueError', 'value has the key nan, which JSON cannot carry'],
    [
      '{"items": [0, 1, {"when": datetime.datetime(2026, 1, 2)}]}',
      'TypeError',
      'value.items[2].when is a datetime, which JSON cannot carry; return text, for example .isoformat()',
    ],
    ['{"a b": {1, 2}}', 'TypeError', 'value["a b"] is a set, which JSON cannot carry; return a list'],
    ['{3: b"x"}', 'TypeError', 'value[3] is a bytes, which JSON cannot carry; return text, for example base64'],
    ['decimal.Decimal(1)', 'TypeError', 'value is a Decimal, which JSON cannot carry; return a float or text'],
    ['object()', 'TypeError', 'value is an object, which JSON cannot carry'],
    ['(x for x in [1])', 'TypeError', 'value is a generator, which JSON cannot carry; return a list'],
    ['[print]', 'TypeError', 'value[0] is a builtin_function_or_method, which JSON cannot carry'],
    ['{"a": {(1, 2): 3}}', 'TypeError', 'value.a has a key that is a tuple; keys must be text'],
    ['{b"k": 3}', 'TypeError', 'value has a key that is a bytes; keys must be text'],
    ['{"n": [10 ** 5000]}', 'ValueError', 'value.n[0] is a whole number with too many digits; return it as text'],
  ])('%s is a %s: %s', async (expression, type, message) => {
    const run = await valueOf(expression);
    const text = `${type}: ${message}\n`;
    expect(run).toMatchObject({ report: { state: 'error', error: { type, message, traceback: text } }, exitCode: 1, stderr: text });
  });

  it('may not contain itself', async () => {
    const run = await runProgram('python', { code: 'def main():\n  a = {"list": []}\n  a["list"].append(a)\n  return a' });
    expect(run.report).toMatchObject({ error: { type: 'ValueError', message: 'value.list[0] contains itself, which JSON cannot carry' } });
  });

  it('may hold one thing twice', async () => {
    const run = await runProgram('python', { code: 'def main():\n  a = [1]\n  return [a, a]' });
    expect(run.report).toMatchObject({ value: [[1], [1]] });
  });

  it.each([
    [200, { state: 'value' }],
    [201, { state: 'error', error: { type: 'ValueError', message: 'value is nested deeper than 200 levels' } }],
    [100_000, { state: 'error', error: { message: 'value is nested deeper than 200 levels' } }],
  ])('nested %i deep gives %o', async (depth, report) => {
    const run = await runProgram('python', { code: `def main():\n  a = []\n  for _ in range(${depth - 1}): a = [a]\n  return a` });
    expect(run.report).toMatchObject(report);
  });

  it('may be wide without being deep', async () => {
    const run = await runProgram('python', { code: 'def main(): return ["[" * 300, [[] for _ in range(300)], {"a": "{" * 300}]' });
    expect(run.report).toMatchObject({ state: 'value' });
  });

  it('may be a text of brackets', async () => {
    const run = await runProgram('python', { code: 'def main(): return "[" * 300' });
    expect(run.report).toMatchObject({ state: 'value' });
  });

  it.each([
    [12, { state: 'value', value: '0123456789' }, 0, ''],
    [11, { state: 'too-large', sizeBytes: 12 }, 1, 'ValueError: the value has 12 bytes of JSON; the limit is 11\n'],
  ])('of 12 bytes meets a limit of %i', async (valueBytes, report, exitCode, stderr) => {
    const run = await runProgram('python', { code: 'def main(): return "0123456789"', limits: { valueBytes } });
    expect(run).toMatchObject({ report, exitCode, stderr });
  });

  it('of several megabytes arrives whole', async () => {
    const run = await runProgram('python', { code: 'def main(): return "x" * 5_000_000' });
    expect(run.reportBytes).toHaveLength(5_000_007);
  });
});
