import { describe, expect, it } from 'vitest';
import { errorOf, runProgram } from './run-program.ts';

const valueOf = (expression: string) => runProgram('javascript', { code: `exports.main = () => (${expression})` });

describe('the value of a JavaScript main', () => {
  it.each([
    ['undefined', 'null'],
    ['null', 'null'],
    ['{ a: [1, 2.5, true, null, "é😀"], b: undefined }', '{"a":[1,2.5,true,null,"é😀"]}'],
    ['[0.1, -0, 1e300, 2 ** 53]', '[0.1,0,1e+300,9007199254740992]'],
    ['"\\ud800"', '"\\ud800"'],
    ['"</script>\\n"', '"</script>\\n"'],
    ['new (class Point { x = 1; #y = 2; get z() { return 3 } })()', '{"x":1}'],
    ['Object.create(null, { a: { value: 1, enumerable: true }, b: { value: 2 } })', '{"a":1}'],
    ['({ toJSON() { return { b: 2 } } })', '{"b":2}'],
    ['new URL("http://a/")', '"http://a/"'],
    ['[new Number(1), new String("s"), new Boolean(false)]', '[1,"s",false]'],
    ['JSON.parse(`{"__proto__":1,"a":2}`)', '{"__proto__":1,"a":2}'],
    ['({ 2: 1, 1: 2, b: 3 })', '{"1":2,"2":1,"b":3}'],
    ['new Proxy([1, 2], {})', '[1,2]'],
    ['require("vm").runInNewContext("({ a: [1] })")', '{"a":[1]}'],
    ['({ [Symbol("s")]: 1 })', '{}'],
  ])('%s is %s', async (expression, valueJson) => {
    expect(await valueOf(expression)).toMatchObject({ report: { state: 'value', valueJson }, exitCode: 0, stderr: '' });
  });

  it.each([
    ['NaN', 'value is NaN'],
    ['({ a: [1, -Infinity] })', 'value.a[1] is -Infinity'],
    ['10n', 'value is a BigInt, which JSON cannot carry; return text or a number'],
    ['({ f() {} })', 'value.f is a function'],
    ['[Symbol("s")]', 'value[0] is a symbol'],
    ['[1, undefined]', 'value[1] is undefined'],
    ['[1, , 2]', 'value[1] is undefined'],
    [
      '({ items: [0, { when: new Date() }] })',
      'value.items[1].when is a Date, which JSON cannot carry; return text, for example .toISOString()',
    ],
    ['({ "a b": new Map() })', 'value["a b"] is a Map, which JSON cannot carry; return an object or an array'],
    ['new Set()', 'value is a Set'],
    ['/x/', 'value is a RegExp'],
    ['[Promise.resolve(1)]', 'value[0] is a Promise, which JSON cannot carry; await it first'],
    ['new RangeError("x")', 'value is an Error'],
    ['new Uint8Array(1)', 'value is a typed array'],
    ['Buffer.from("x")', 'value is a typed array'],
    ['new ArrayBuffer(1)', 'value is an ArrayBuffer'],
    ['(function* () {})()', 'value is a generator'],
    ['new WeakMap()', 'value is a WeakMap'],
    ['({ toJSON() { return new Date() } })', 'value is a Date'],
    ['({ a: { toJSON() { return undefined } } })', 'value.a is undefined'],
    ['require("vm").runInNewContext("new Date()")', 'value is a Date'],
  ])('%s is a TypeError: %s', async (expression, message) => {
    const run = await valueOf(expression);
    expect(run).toMatchObject({ report: { state: 'error', error: { type: 'TypeError' } }, exitCode: 1 });
    expect(run.stderr).toContain(`TypeError: ${message}`);
    expect(errorOf(run).message).toContain(message);
    expect(errorOf(run).traceback).toBe(run.stderr.trimEnd());
  });

  it('may not contain itself', async () => {
    const run = await runProgram('javascript', { code: 'exports.main = () => { const a = { list: [] }; a.list.push(a); return a }' });
    expect(run.report).toMatchObject({ error: { type: 'TypeError', message: 'value.list[0] contains itself, which JSON cannot carry' } });
  });

  it('may hold one thing twice', async () => {
    const run = await runProgram('javascript', { code: 'exports.main = () => { const a = [1]; return [a, a] }' });
    expect(run.report).toMatchObject({ value: [[1], [1]] });
  });

  it('may have getters, and reports what they throw', async () => {
    expect((await valueOf('({ get a() { return 1 } })')).report).toMatchObject({ valueJson: '{"a":1}' });
    const run = await runProgram('javascript', { code: 'exports.main = () => ({\n get a() { throw new RangeError("no") } })' });
    expect(run).toMatchObject({ report: { error: { type: 'RangeError', message: 'no' } }, exitCode: 1 });
    expect(run.stderr).toMatch(/main\.js:2:/);
    expect(run.stderr).not.toContain('javascript_');
  });

  it.each([
    [200, { state: 'value' }],
    [201, { state: 'error', error: { message: 'value is nested deeper than 200 levels' } }],
    [100_000, { state: 'error', error: { message: 'value is nested deeper than 200 levels' } }],
  ])('nested %i deep gives %o', async (depth, report) => {
    const code = `exports.main = () => { let a = []; for (let i = 1; i < ${depth}; i++) a = [a]; return a }`;
    expect((await runProgram('javascript', { code })).report).toMatchObject(report);
  });

  it.each([
    [8, { state: 'value', value: 'ééé' }, 0, ''],
    [7, { state: 'too-large', sizeBytes: 8 }, 1, 'ValueError: the value has 8 bytes of JSON; the limit is 7\n'],
  ])('of 8 bytes meets a limit of %i', async (valueBytes, report, exitCode, stderr) => {
    const run = await runProgram('javascript', { code: 'exports.main = () => "ééé"', limits: { valueBytes } });
    expect(run).toMatchObject({ report, exitCode, stderr });
  });

  it('of several megabytes arrives whole', async () => {
    const run = await runProgram('javascript', { code: 'exports.main = () => "x".repeat(5_000_000)' });
    expect(run.reportBytes).toHaveLength(5_000_007);
  });
});
