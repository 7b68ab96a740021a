import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runProgram, valueJsonOf } from './run-program.ts';

async function workFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-guest-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const returnsX = '(a) => a.x';

describe('main in JavaScript', () => {
  it.each([
    ['exports.main', `exports.main = ${returnsX}`],
    ['module.exports.main', `module.exports = { main: ${returnsX} }`],
    ['module.exports', `module.exports = ${returnsX}`],
    ['a function', 'function main(a) { return a.x }'],
    ['an async function', 'async function main(a) { await null; return a.x }'],
    ['a const', `const main = ${returnsX}`],
    ['a let', `let main; main = ${returnsX}`],
    ['a var in a block', `{ var main = ${returnsX} }`],
    ['an implicit global', `main = ${returnsX}`],
    ['a destructured name', `const { main } = { main: ${returnsX} }`],
    ['a function that returns a thenable', 'function main(a) { return { then(resolve) { resolve(a.x) } } }'],
    ['in strict mode', '"use strict"\nfunction main(a) { return this === undefined && a.x }'],
    ['before a comment', 'function main(a) { return a.x } // the end'],
    ['before a block without a semicolon', `const main = ${returnsX}\nlet y = main`],
    ['before a source map comment', 'function main(a) { return a.x }\n//# sourceMappingURL=x.map'],
    ['below a hashbang', '#!/usr/bin/env node\nfunction main(a) { return a.x }'],
    ['below a byte-order mark', '\ufefffunction main(a) { return a.x }'],
    ['below a line with import() and await in a comment', '// import x from "x"; await 1\nfunction main(a) { return a.x }'],
    ['rather the export than the binding', `function main() {}; exports.main = ${returnsX}`],
    ['rather the binding than the whole export', `function main(a) { return a.x }; module.exports = () => 2`],
    ['export function', 'export function main(a) { return a.x }'],
    ['export const', `export const main = ${returnsX}`],
    ['export async function', 'export async function main(a) { return a.x }'],
    ['export { other as main }', `const other = ${returnsX}; export { other as main }`],
    ['rather the ES export than the binding', `function main() {}; const other = ${returnsX}; export { other as main }`],
    ['not exported from an ES module', 'import "node:fs"; function main(a) { return a.x }'],
    ['a class-free const in an ES module', `import "node:fs"\nconst main = ${returnsX} // the end`],
    ['export default function main', 'export default function main(a) { return a.x }'],
    ['an unnamed default export', 'export default (a) => a.x'],
    ['after top-level await', `const y = await Promise.resolve(${returnsX}); const main = y`],
    ['in a module below a hashbang', `#!/usr/bin/env node\nimport "node:fs"; const main = ${returnsX}`],
    [
      'beside a require of its own making',
      `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); function main(a) { return a.x }`,
    ],
  ])('is %s', async (_title, code) => {
    const run = await runProgram('javascript', { code, arguments: { x: 7 } });
    expect(run).toMatchObject({ report: { state: 'value', valueJson: '7' }, exitCode: 0, stderr: '' });
  });

  it.each([
    ['nothing says main', 'console.log("ran")'],
    ['it is in a function', 'function f() { function main() {} console.log("ran") }; f()'],
    ['it is text', 'console.log("ran"); const x = "main"'],
    ['the program returned before', 'console.log("ran"); if (true) return; var main = () => 1'],
    ['it is a property', 'console.log("ran"); const x = { main: 1 }'],
    ['the export is an object', 'console.log("ran"); module.exports = { other: 1 }'],
    ['the export is null', 'console.log("ran"); module.exports = null'],
    ['an ES module has none', 'import "node:fs"; console.log("ran"); export const other = 1'],
  ])('counts as none when %s', async (_title, code) => {
    const run = await runProgram('javascript', { code });
    expect(run).toMatchObject({ report: { state: 'none' }, exitCode: 0, stdout: 'ran\n', stderr: '' });
  });

  it.each([
    ['runs when there is no main', 'if (require.main === module) console.log("guarded")', 'guarded\n'],
    ['does not run besides main', 'function main() { console.log("main") }\nif (require.main === module) main()', 'main\n'],
    [
      'runs when a module has no main',
      'import { pathToFileURL as u } from "node:url"; if (import.meta.url === u(process.argv[1]).href) console.log("guarded")',
      'guarded\n',
    ],
    [
      'does not run besides the main of a module',
      'import { pathToFileURL as u } from "node:url"; const main = () => console.log("main"); if (import.meta.url === u(process.argv[1]).href) main()',
      'main\n',
    ],
  ])('lets the guarded part run as the only start: it %s', async (_title, code, stdout) => {
    const run = await runProgram('javascript', { code });
    expect(run).toMatchObject({ exitCode: 0, stdout, stderr: '' });
  });

  it('gets arguments as data', async () => {
    const text = '{"__proto__":{"polluted":1},"a":[true,null,"q\\"\'"],"constructor":2}';
    const code = 'exports.main = (a) => [JSON.stringify(a), Object.hasOwn(a, "__proto__"), {}.polluted === undefined]';
    const run = await runProgram('javascript', { code, arguments: JSON.parse(text) as Record<string, never> });
    expect(run.report).toMatchObject({ value: [text, true, true] });
  });
});

describe('what a JavaScript program sees', () => {
  it('is at home in the work folder as CommonJS', async () => {
    const folder = await workFolder();
    await writeFile(join(folder, 'beside.js'), 'exports.main = require.main && require.main.filename; exports.answer = 42');
    await writeFile(join(folder, 'beside.mjs'), 'export const answer = 43');
    const code = [
      'const beside = require("./beside.js")',
      'const answers = import("./beside.mjs").then((m) => [beside.answer, m.answer, beside.main])',
      'module.exports = async () => [process.argv, __filename, __dirname, module.filename, process.cwd(), this === exports, await answers, process.execArgv]',
    ].join('\n');
    const run = await runProgram('javascript', { code, folder });
    const file = join(folder, 'main.js');
    expect(run.report).toMatchObject({ value: [[process.execPath, file], file, folder, file, folder, true, [42, 43, file], []] });
    expect((await readdir(folder)).sort()).toEqual(['beside.js', 'beside.mjs']);
  });

  it('is at home in the work folder as an ES module', async () => {
    const folder = await workFolder();
    await writeFile(join(folder, 'beside.mjs'), 'export const answer = 43; export default "d"');
    await writeFile(join(folder, 'data.json'), '{"n":1}');
    const code = [
      'import beside, { answer } from "./beside.mjs"',
      'import * as all from "./beside.mjs"',
      'import data from "./data.json" with { type: "json" }',
      'import { sep } from "path"',
      'const again = await import("./beside.mjs")',
      'export const main = () => [beside, answer, all.answer, again.answer, data, sep, import.meta.url, import.meta.filename, import.meta.dirname, import.meta.resolve("./x.js"), process.argv[1]]',
    ].join('\n');
    const run = await runProgram('javascript', { code, folder });
    const address = (name: string) => pathToFileURL(join(folder, name)).href;
    const expected = [
      'd',
      43,
      43,
      43,
      { n: 1 },
      '/',
      address('main.mjs'),
      join(folder, 'main.mjs'),
      folder,
      address('x.js'),
      join(folder, 'main.js'),
    ];
    expect(run).toMatchObject({ report: { value: expected }, stderr: '' });
    expect((await readdir(folder)).sort()).toEqual(['beside.mjs', 'data.json']);
  });

  it('has no names of the runner around it', async () => {
    const code =
      'const names = Object.keys(require.cache).concat(Object.keys(globalThis)); module.exports = () => names.filter((name) => /javascript_|runner/.test(name))';
    expect((await runProgram('javascript', { code })).report).toMatchObject({ value: [] });
  });

  it('has the environment of its job and an empty input', async () => {
    const code = 'module.exports = () => [process.env.A, require("fs").readFileSync(0, "utf8")]';
    const run = await runProgram('javascript', { code, environment: { A: 'ä b' } });
    expect(run.report).toMatchObject({ value: ['ä b', ''] });
  });
});

describe('how a JavaScript program ends', () => {
  it.each([
    ['process.exit(0)', 'process.exit(0)', 0],
    ['process.exit(7) in main', 'exports.main = () => process.exit(7)', 7],
    ['process.exit(124) in async main', 'exports.main = async () => { await null; process.exit(124) }', 124],
    ['process.exit with a pending promise', 'setTimeout(() => process.exit(3), 5); exports.main = () => new Promise(() => {})', 3],
  ])('keeps the code of %s and reports nothing', async (_title, code, exitCode) => {
    expect(await runProgram('javascript', { code })).toMatchObject({ report: { state: 'empty' }, exitCode, stderr: '' });
  });

  it('keeps process.exitCode', async () => {
    const run = await runProgram('javascript', { code: 'process.exitCode = 5; exports.main = () => 1' });
    expect(run).toMatchObject({ report: { value: 1 }, exitCode: 5 });
  });

  it('reports the value first, then goes on with timers and exit handlers', async () => {
    const code =
      'process.on("exit", () => console.log("exit")); exports.main = () => { setTimeout(() => console.log("timer"), 50); return 1 }';
    const run = await runProgram('javascript', { code });
    expect(run).toMatchObject({ report: { value: 1 }, exitCode: 0, stdout: 'timer\nexit\n', stderr: '' });
  });

  it('writes all of its output before process.exit', async () => {
    const run = await runProgram('javascript', { code: 'process.stdout.write("x".repeat(900_000)); process.exit(0)' });
    expect(run.stdout).toHaveLength(900_000);
  });

  it('gives its channels to no program that it starts', async () => {
    const code =
      'exports.main = () => require("child_process").execFileSync("ls", ["/proc/self/fd"], { encoding: "utf8", stdio: ["inherit", "pipe", "inherit"] })';
    const run = await runProgram('javascript', { code });
    expect(valueJsonOf(run)).toContain('\\n3\\n');
    expect(valueJsonOf(run)).not.toContain('\\n4\\n');
  });

  it('goes on without a report when the program closed the channel', async () => {
    const run = await runProgram('javascript', { code: 'require("fs").closeSync(4); exports.main = () => 1' });
    expect(run).toMatchObject({ report: { state: 'empty' }, exitCode: 0, stderr: '' });
  });

  it.each([
    ['JSON', 'JSON.stringify = JSON.parse = () => "forged"'],
    [
      'Array and String methods',
      'for (const c of [Array, String]) for (const n of Object.getOwnPropertyNames(c.prototype)) if (typeof c.prototype[n] === "function" && n !== "constructor") c.prototype[n] = () => { throw new Error("patched") }',
    ],
    ['Buffer and fs', 'Buffer.from = Buffer.alloc = Buffer.byteLength = require("fs").writeSync = () => { throw new Error("patched") }'],
    ['Promise', 'Promise.prototype.then = () => { throw new Error("patched") }'],
    [
      'Object.prototype.toJSON',
      'Object.defineProperty(Array.prototype, "toString", { value: null }); String.prototype.toJSON = () => "forged"',
    ],
  ])('reports its value whatever it does to %s', async (_title, code) => {
    const run = await runProgram('javascript', { code: `exports.main = async () => ({ a: [1, "b", { c: null }] });\n${code}` });
    expect(run).toMatchObject({ report: { valueJson: '{"a":[1,"b",{"c":null}]}' }, exitCode: 0, stderr: '' });
  });
});
