import { describe, expect, it } from 'vitest';
import { errorOf, runProgram } from './run-program.ts';

describe('an uncaught error in JavaScript', () => {
  it.each([
    ['thrown at the top', 'const x = 1\nthrow new TypeError("x")', 'main.js:2\nthrow new TypeError("x")\n^'],
    ['thrown by main', 'exports.main = () => {\n  throw new TypeError("x") }', 'main.js:2\n  throw new TypeError("x") }\n  ^'],
    [
      'rejected by main at once',
      'exports.main = async () => {\n  throw new TypeError("x") }',
      'main.js:2\n  throw new TypeError("x") }\n        ^',
    ],
    [
      'rejected by main later',
      'exports.main = async () => { await null\n  throw new TypeError("x") }',
      'main.js:2\n  throw new TypeError("x") }\n        ^',
    ],
    ['thrown by a module', 'import "node:fs"\nthrow new TypeError("x")', 'main.mjs:2\nthrow new TypeError("x")\n      ^'],
    ['thrown after top-level await', 'await null\nthrow new TypeError("x")', 'main.mjs:2\nthrow new TypeError("x")\n      ^'],
    [
      'thrown by the main of a module',
      'export const main = () => {\n  throw new TypeError("x") }',
      'main.mjs:2\n  throw new TypeError("x") }\n        ^',
    ],
    ['thrown by a timer', 'setTimeout(() => {\n  throw new TypeError("x")\n}, 1)', 'main.js:2\n  throw new TypeError("x")\n  ^'],
    ['a stray rejection', '\nPromise.reject(new TypeError("x"))', 'main.js:2\nPromise.reject(new TypeError("x"))\n               ^'],
  ])('%s is printed where it was thrown and reported', async (_title, code, place) => {
    const run = await runProgram('javascript', { code });
    expect(run).toMatchObject({ report: { error: { type: 'TypeError', message: 'x' } }, exitCode: 1, stdout: '' });
    expect(run.stderr).toContain(`${place}\n\nTypeError: x\n    at `);
    expect(run.stderr).not.toContain('javascript_');
    expect(errorOf(run).traceback).toMatch(/^TypeError: x\n {4}at [^]*main\.m?js:2:\d+\)?$/);
  });

  it.each([
    ['CommonJS', 'const a = 1\nconst = 5', 'main.js:2\nconst = 5\n      ^\n'],
    ['an ES module', 'import "node:fs"\n\nconst = 5', 'main.mjs:3\nconst = 5\n      ^\n'],
    ['a source whose parse as a module ends earlier', 'with ({}) {}\nconst = 5', 'main.js:2\nconst = 5\n'],
    ['a source below a hashbang', '#!/usr/bin/env node\nconst = 5', 'main.js:2\nconst = 5\n'],
    ['an export of nothing', 'export { nothing }', 'main.mjs:1\nexport { nothing }\n         ^'],
    ['one line of a module', 'export const x = ;', 'main.mjs:1\nexport const x = ;\n                 ^'],
  ])('of syntax in %s names the line of the program', async (_title, code, place) => {
    const run = await runProgram('javascript', { code });
    expect(run).toMatchObject({ report: { error: { type: 'SyntaxError' } }, exitCode: 1 });
    expect(run.report).toMatchObject({ error: { traceback: run.stderr.trimEnd() } });
    expect(run.stderr).toContain(place);
    expect(run.stderr).not.toContain(' at ');
  });

  it.each([
    ['a class of the program', 'class Boom extends Error {}\nthrow new Boom("x")', 'Boom', 'x'],
    ['an error of Node with a code', 'require("fs").readFileSync(null)', 'TypeError', /"path" argument/],
    ['an error of the system', 'require("fs").readFileSync("/nothing")', 'Error', /ENOENT/],
    ['a failed assertion', 'require("assert").equal(1, 2)', 'AssertionError', '1 == 2'],
    ['a missing module', 'require("nothing-here")', 'Error', /Cannot find module 'nothing-here'/],
    ['a missing module of an import', 'import "nothing-here"', '.*Error', /Cannot find package 'nothing-here'/],
    ['an import of nothing', 'import { nothing } from "node:fs"', 'SyntaxError', /does not provide an export named 'nothing'/],
    ['a number', 'throw 5', 'number', '5'],
    ['a text', 'exports.main = () => { throw "text" }', 'string', 'text'],
    ['null', 'throw null', 'null', 'null'],
    ['undefined', 'exports.main = async () => { throw undefined }', 'undefined', 'undefined'],
    ['a rejection with an object', 'exports.main = () => Promise.reject({ a: 1 })', 'object', '[object Object]'],
    ['a symbol', 'throw Symbol("s")', 'symbol', 'Symbol(s)'],
    ['an object without a prototype', 'throw Object.create(null)', 'object', 'object'],
    [
      'an error with a failing message',
      'const e = new Error(); Object.defineProperty(e, "message", { get() { throw 1 } }); throw e',
      'Error',
      '',
    ],
    ['endless recursion', 'function main() { main() }', 'RangeError', 'Maximum call stack size exceeded'],
    ['a main that is no function', 'exports.main = 3', 'TypeError', 'main is not a function but a value of type number'],
    ['a null main', 'exports.main = null', 'TypeError', 'main is not a function but null'],
  ])('may be %s', async (_title, code, type, message) => {
    const run = await runProgram('javascript', { code });
    expect(run.exitCode).toBe(1);
    expect(errorOf(run).type).toMatch(new RegExp(`^(?:${type})$`));
    if (typeof message === 'string') expect(errorOf(run).message).toBe(message);
    else expect(errorOf(run).message).toMatch(message);
    expect(run.stderr).not.toContain('javascript_');
  });

  it('may be a source that is too deep to parse', async () => {
    const run = await runProgram('javascript', { code: `${'['.repeat(200_000)}${']'.repeat(200_000)}` });
    expect(run).toMatchObject({ report: { error: { type: 'RangeError', message: 'Maximum call stack size exceeded' } }, exitCode: 1 });
    expect(run.stderr).toBe('RangeError: Maximum call stack size exceeded\n');
  });

  it('shows its causes', async () => {
    const code = 'exports.main = () => { try { null.x } catch (cause) { throw new Error("outer", { cause }) } }';
    const run = await runProgram('javascript', { code });
    expect(errorOf(run).traceback).toMatch(/^Error: outer\n {4}at [^]*\n\[cause\]: TypeError: [^]*main\.js:1:\d+\)$/);
    expect(run.stderr).toContain('[cause]: TypeError: Cannot read properties of null');
    expect(run.stderr).not.toContain('javascript_');
  });

  it('may be its own cause', async () => {
    const run = await runProgram('javascript', { code: 'const e = new Error("x"); e.cause = e; throw e' });
    expect(errorOf(run)).toMatchObject({ message: 'x' });
    expect(errorOf(run).traceback).not.toContain('[cause]');
  });

  it('may have a message of any length: the report keeps head and tail', async () => {
    const error = errorOf(await runProgram('javascript', { code: 'throw new Error("<" + "x".repeat(1_000_000) + ">")' }));
    expect(error.message).toMatch(/^<x+\n\.\.\. \d+ characters left out \.\.\.\nx+>$/);
    expect(error.message).toHaveLength(16 * 1024);
    expect(error.traceback).toHaveLength(64 * 1024);
  });

  it('may be frozen', async () => {
    const run = await runProgram('javascript', { code: 'throw Object.freeze(new RangeError("x"))' });
    expect(run).toMatchObject({ report: { error: { type: 'RangeError', message: 'x' } }, exitCode: 1 });
    expect(errorOf(run).traceback).not.toContain('javascript_');
  });

  it.each([
    ['Error.prepareStackTrace', 'Error.prepareStackTrace = () => ({ not: "text" })'],
    [
      'the methods of String',
      'for (const n of Object.getOwnPropertyNames(String.prototype)) if (n !== "constructor") String.prototype[n] = null',
    ],
  ])('is reported whatever the program does to %s', async (_title, code) => {
    const run = await runProgram('javascript', { code: `${code}\nthrow new RangeError("x")` });
    expect(run).toMatchObject({ report: { error: { type: 'RangeError', message: 'x' } }, exitCode: 1 });
  });

  it('after the value does not replace it', async () => {
    const run = await runProgram('javascript', {
      code: 'exports.main = () => { setTimeout(() => { throw new Error("late") }, 1); return 1 }',
    });
    expect(run).toMatchObject({ report: { value: 1 }, exitCode: 1 });
    expect(run.stderr).toContain('Error: late');
  });

  it('elsewhere that the program handles itself is none', async () => {
    const code =
      'process.on("uncaughtException", (error) => console.log(error.message)); exports.main = () => { setTimeout(() => { throw new Error("late") }, 1); return new Promise((r) => setTimeout(r, 30, 2)) }';
    expect(await runProgram('javascript', { code })).toMatchObject({ report: { value: 2 }, exitCode: 0, stdout: 'late\n', stderr: '' });
  });

  it.each([
    ['uncaughtException', 'exports.main = () => { throw new Error("x") }'],
    ['unhandledRejection', 'exports.main = async () => { throw new Error("x") }'],
  ])('of main is reported though the program listens for %s', async (event, code) => {
    const run = await runProgram('javascript', { code: `process.on("${event}", (e) => console.log(e.message)); ${code}` });
    expect(run).toMatchObject({ report: { error: { message: 'x' } }, exitCode: 1, stdout: 'x\n', stderr: '' });
  });

  it.each([
    [
      'main',
      'exports.main = () => new Promise(() => {})',
      'main() never finished: its promise was still pending when nothing was left to wait for',
    ],
    [
      'the module',
      'await new Promise(() => {})',
      'The module never finished: its top-level await was still pending when nothing was left to wait for',
    ],
  ])('tells that %s never finished', async (_title, code, message) => {
    const run = await runProgram('javascript', { code });
    expect(run).toMatchObject({ report: { error: { type: 'Error', message } }, exitCode: 1, stderr: `Error: ${message}\n` });
  });
});
