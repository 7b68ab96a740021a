import { describe, expect, it } from 'vitest';
import { ContextSession } from './context-session.ts';

const none = { state: 'none' };
const value = (json: unknown) => ({ state: 'value', value: json });
const error = (type: string, message?: unknown) => ({
  state: 'error',
  error: expect.objectContaining(message === undefined ? { type } : { type, message }) as unknown,
});
const interrupted = error('Interrupted', 'The cell was interrupted');
const sleep = (ms: number) => `await new Promise((resolve) => setTimeout(resolve, ${ms}));`;

describe('a context in JavaScript', () => {
  it('keeps what its cells declare', async () => {
    const context = await ContextSession.start('javascript');
    const declarations = ['let a = 1;', 'const b = 2;', 'var c = 3;', 'class D { e = 4; }', 'function f() { return a; }', 'g = 6'];
    expect(await context.run(`${declarations.slice(0, 5).join('\n')}`)).toEqual(none);
    expect(await context.run(declarations[5] ?? '')).toMatchObject(value(6));
    expect(await context.run('a += 10; [a, b, c, new D().e, f(), g]')).toMatchObject(value([11, 2, 3, 4, 11, 6]));
    expect(await context.end()).toEqual({ exitCode: 0, signal: null });
    expect(context).toMatchObject({ stdout: '', stderr: '' });
  });

  const kinds = {
    let: 'let x = () => 1;',
    const: 'const x = () => 1;',
    var: 'var x = () => 1;',
    function: 'function x() { return 1; }',
    async: 'async function x() { return 1; }',
    class: 'class x { static call() { return 1; } }',
    pattern: 'const { y, x } = { y: 2, x: () => 1 };',
    import: "import { sep as x } from 'node:path';",
  };

  it('lets every kind of declaration be made anew as every other', async () => {
    const context = await ContextSession.start('javascript');
    for (const first of Object.values(kinds)) {
      for (const second of Object.values(kinds)) {
        expect(await context.run(first)).toEqual(none);
        expect(await context.run(`${second}\n/* not a / regex */ typeof x`)).toMatchObject(
          value(second === kinds.import ? 'string' : 'function'),
        );
      }
    }
  });

  it('awaits at the top level, and declares before and after', async () => {
    const context = await ContextSession.start('javascript');
    expect(await context.run(`const a = 1; ${sleep(1)} const b = await Promise.resolve(2); a + b`)).toMatchObject(value(3));
    expect(await context.run('for await (const n of [b, Promise.resolve(5)]) a2 = n; a2')).toMatchObject(value(5));
  });

  it('interrupts a cell wherever it is, and lives on', async () => {
    const context = await ContextSession.start('javascript');
    await context.run('let x = 1');
    const endless = [
      'while (true) {}',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
      'await new Promise(() => {})',
      'await 0; while (true) {}',
      `${sleep(10)} while (true) {}`,
      'Promise.resolve().then(() => { while (true) {} })',
      'setInterval(() => {}, 1000); new Promise(() => {})',
      "import 'node:fs'; for (;;);",
      '({ get a() { for (;;); } })',
      '(function* () { for (;;) yield 1; })().forEach?.(() => {}); [].concat(...(function* () { for (;;) yield []; })())',
    ];
    for (const [index, code] of endless.entries()) {
      context.send(`console.log('started ${index}');\n${code}`);
      await context.printed(`started ${index}\n`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      context.interrupt();
      expect([index, await context.report()]).toEqual([index, interrupted]);
      expect(await context.run('x')).toMatchObject(value(1));
    }
    expect(await context.end()).toEqual({ exitCode: 0, signal: null });
  });

  it('lives on when a promise that nobody can settle any more is collected', async () => {
    const context = await ContextSession.start('javascript');
    context.send('console.log("now"); setInterval(() => Array.from({ length: 100_000 }, () => ({})), 1); await new Promise(() => {})');
    await context.printed('now');
    await new Promise((resolve) => setTimeout(resolve, 500));
    context.interrupt();
    expect(await context.report()).toEqual(interrupted);
    expect(await context.run(`${sleep(300)} 1`)).toMatchObject(value(1));
  });

  it('does nothing on an interrupt while it is idle', async () => {
    const context = await ContextSession.start('javascript');
    for (const code of ['1', 'let x = 1']) {
      context.interrupt();
      // Time for the signal to come.
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await context.run(code)).toMatchObject({ state: code === '1' ? 'value' : 'none' });
    }
    expect(await context.end()).toEqual({ exitCode: 0, signal: null });
    expect(context.stderr).toBe('');
  });

  it('loses no report, whenever the interrupt comes', async () => {
    const context = await ContextSession.start('javascript');
    await context.run('function spin(n) { for (let i = 0; i < n; i++); }');
    const seen = new Set<string>();
    for (let round = 0; round < 150; round += 1) {
      context.send(round % 2 === 0 ? `spin(${round * 3000}); ${round}` : `await 0; spin(${round * 3000}); ${round}`);
      const until = performance.now() + round / 100;
      while (performance.now() < until);
      context.interrupt();
      const report = await context.report();
      if (report.state === 'value') expect(report.value).toBe(round);
      else expect(report).toEqual(interrupted);
      seen.add(report.state);
    }
    expect(seen.size).toBeGreaterThan(0);
    expect(await context.run('"still here"')).toMatchObject({ state: expect.stringMatching('value|error') as unknown });
    expect(await context.end()).toEqual({ exitCode: 0, signal: null });
  });

  it('ends with process.exit, without a report', async () => {
    const context = await ContextSession.start('javascript');
    expect(await context.run('process.on("exit", () => console.log("bye")); process.exit(7)')).toEqual({ state: 'empty' });
    expect(await context.ended).toEqual({ exitCode: 7, signal: null });
    expect(context).toMatchObject({ stdout: 'bye\n', stderr: '' });
  });

  it('ends when the job channel does, also while timers run', async () => {
    const context = await ContextSession.start('javascript');
    expect(await context.run('setInterval(() => {}, 1000); 1')).toMatchObject(value(1));
    expect(await context.end()).toEqual({ exitCode: 0, signal: null });
  });

  it('lives on after an error between two cells, which it prints', async () => {
    const context = await ContextSession.start('javascript');
    await context.run(
      'setTimeout(() => { throw new Error("from a timer"); }, 1); Promise.reject(new Error("rejected")); setTimeout(() => { throw 5 }, 1); 0',
    );
    expect(await context.run(`${sleep(50)} 1`)).toMatchObject(value(1));
    await context.end();
    expect(context.stderr).toMatch(/Error: rejected\n {4}at cell-1\.js:1:\d+\n/);
    expect(context.stderr).toMatch(/Error: from a timer\n {4}at .*cell-1\.js:1:\d+\)\n/);
    expect(context.stderr).toMatch(/^Uncaught 5$/m);
  });
});

describe('the value of a JavaScript cell', () => {
  it.each([
    ['an expression', '1 + 1', value(2)],
    ['an object literal', '{ a: 1, b: [2] }', value({ a: 1, b: [2] })],
    ['an object literal after a comment', '/* o */ ({ a: 1 })', value({ a: 1 })],
    ['a block', '{ let a = 1; }', none],
    ['an assignment', 'x = 5', value(5)],
    ['null', 'null', value(null)],
    ['undefined', 'console.log', none],
    ['a declaration', 'let x = 1', none],
    ['nothing', '', none],
    ['a comment', '// 5', none],
    ['a promise', 'Promise.resolve({ a: 1 })', value({ a: 1 })],
    ['an await', 'await Promise.resolve("x")', value('x')],
    ['something that JSON cannot carry', 'new Map()', none],
    ['a number that JSON cannot carry', '0 / 0', none],
    ['a big number', '10n', none],
    ['a symbol', 'Symbol("x")', none],
    ['something that contains itself', 'const a = []; a.push(a); a', none],
    ['something whose members fail', '({ get a() { throw new Error("no"); } })', none],
    ['half a character', '"\\ud800"', value('\ud800')],
    ['negative zero', '[-0]', value([0])],
  ])('%s', async (_title, code, report) => {
    const context = await ContextSession.start('javascript');
    expect(await context.run(code)).toMatchObject(report);
    await context.end();
    expect(context.stderr).toBe('');
  });

  it('meets its limit', async () => {
    const context = await ContextSession.start('javascript');
    expect(await context.run('"x".repeat(8)', { valueBytes: 10 })).toMatchObject(value('xxxxxxxx'));
    expect(await context.run('"x".repeat(9)', { valueBytes: 10 })).toEqual({ state: 'too-large', sizeBytes: 11 });
    expect(await context.run('"x".repeat(3_000_000)', { valueBytes: 4_000_000 })).toMatchObject(value('x'.repeat(3_000_000)));
    await context.end();
    expect(context.stderr).toBe('ValueError: the value has 11 bytes of JSON; the limit is 10\n');
  });
});

describe('a JavaScript cell', () => {
  it('has its arguments as variables, whatever declared the name before, and the environment', async () => {
    const context = await ContextSession.start('javascript');
    const input = { arguments: { a: 1, b: ['x'], 'not a name': 2 }, environment: { C: 'c' } };
    expect(await context.run('[a, b, process.env.C, globalThis["not a name"]]', input)).toMatchObject(value([1, ['x'], 'c', 2]));
    for (const code of ['let a = 5', 'const a = 6', 'var b = 7', 'function b() {}']) {
      await context.run(code);
      expect(await context.run('[a, b]', { arguments: { a: 8, b: 9 } })).toMatchObject(value([8, 9]));
    }
    expect(await context.run('const a = 1; let b = 2; a + b', { arguments: { a: 8, b: 9 } })).toMatchObject(value(3));
  });

  it.each([
    ['everything', "import * as path from 'node:path'\ntypeof path.join", value('function')],
    [
      'the default and names',
      "import fs, { readFileSync as read, existsSync } from 'fs'; [typeof fs, typeof read, typeof existsSync]",
      value(['object', 'function', 'function']),
    ],
    ['names over lines', "import {\n  sep,\n  delimiter,\n} from 'node:path';\nsep + delimiter", value('/:')],
    ['JSON', "import it from './data.json' with { type: 'json' }; it.x", value(1)],
    ['a file', "import { x } from './module.mjs'; x", value(2)],
    ['dynamically', "const { x } = await import('./module.mjs'); x", value(2)],
    ['in a function', "const load = async () => (await import('./module.mjs')).x; await load()", value(2)],
    ['by require', "const { x } = require('./module.cjs'); x", value(3)],
    ['after other code, hoisted', "const y = sep; import { sep } from 'node:path'; y", value('/')],
    [
      'nothing where the word stands in text',
      "const a = 'import x from y'; `import(${/import(x)/.test('importx')}) ${`import \"a\"`}`",
      value('import(true) import "a"'),
    ],
    ['nothing where it is a member', 'const o = { import() { return 4; }, b: 1 }; o.import() / o.b', value(4)],
    ['what there is to say of itself', '[typeof import.meta.url, import.meta.dirname === process.cwd()]', value(['string', true])],
    [
      'a name that is not there',
      "import { nothing } from 'node:fs'",
      error('SyntaxError', "The requested module 'node:fs' does not provide an export named 'nothing'"),
    ],
    ['a module that is not there', "import 'nothing-here'", error('Error', expect.stringContaining("Cannot find package 'nothing-here'"))],
  ])('imports %s', async (_title, code, report) => {
    const context = await ContextSession.start('javascript');
    const write = (name: string, text: string) => `require('node:fs').writeFileSync('${name}', ${JSON.stringify(text)});`;
    const files = { 'data.json': '{"x":1}', 'module.mjs': 'export const x = 2', 'module.cjs': 'exports.x = 3' };
    await context.run(
      Object.entries(files)
        .map(([name, text]) => write(name, text))
        .join(''),
    );
    expect(await context.run(code)).toMatchObject(report);
  });

  it('shows the places of all cells in a stack, and none of the runner', async () => {
    const context = await ContextSession.start('javascript');
    await context.run('function f() {\n  null.x;\n}');
    expect(await context.run('let a = 1;\nf()')).toEqual(error('TypeError', "Cannot read properties of null (reading 'x')"));
    await context.run(`${sleep(1)}\nthrow new RangeError("late")`);
    await context.end();
    expect(context.stderr).toBe(
      [
        "TypeError: Cannot read properties of null (reading 'x')\n    at f (cell-1.js:2:8)\n    at cell-2.js:2:1\n",
        'RangeError: late\n    at cell-3.js:2:7\n',
      ].join(''),
    );
  });

  it.each([
    ['let a = 1;\nlet b = ;', 'cell-1.js:2\nlet b = ;\n        ^\n\nSyntaxError: Unexpected token'],
    [
      "import { sep } from 'node:path'; let b = ;",
      "cell-1.js:1\nimport { sep } from 'node:path'; let b = ;\n                                         ^\n\nSyntaxError",
    ],
    [
      'let a = 1; let a = 2;',
      "cell-1.js:1\nlet a = 1; let a = 2;\n               ^\n\nSyntaxError: Identifier 'a' has already been declared",
    ],
    ['`${', 'cell-1.js:1\n`${'],
  ])('%j is a syntax error with its place, and does not run', async (code, part) => {
    const context = await ContextSession.start('javascript');
    expect(await context.run(code)).toEqual(error('SyntaxError'));
    await context.end();
    expect(context.stderr).toContain(part);
  });

  it.each([
    [
      'an error',
      'throw new TypeError("x", { cause: new Error("y") })',
      'TypeError',
      /^TypeError: x\n {4}at cell-1\.js:1:7\n\[cause\]: Error: y\n/,
    ],
    ['text', 'throw "x"', 'string', /^Uncaught 'x'\n$/],
    ['nothing', 'throw undefined', 'undefined', /^Uncaught undefined\n$/],
    ['a rejected promise', 'Promise.reject(new Error("x"))', 'Error', /^Error: x\n {4}at cell-1\.js:1:16\n$/],
    [
      'an error of JSON.parse',
      'JSON.parse("{")',
      'SyntaxError',
      /^SyntaxError: .*\n {4}at JSON\.parse \(<anonymous>\)\n {4}at cell-1\.js:1:6\n$/,
    ],
    ['endless recursion', 'function f() { f(); } f()', 'RangeError', /^RangeError: Maximum call stack/],
  ])('may end with %s', async (_title, code, type, stderr) => {
    const context = await ContextSession.start('javascript');
    expect(await context.run(code)).toEqual(error(type));
    expect(await context.run('1')).toMatchObject(value(1));
    await context.end();
    expect(context.stderr).toMatch(stderr);
  });

  it('may replace what the runner uses', async () => {
    const context = await ContextSession.start('javascript');
    await context.run(
      'JSON.stringify = null; Buffer.from = null; Object.keys = null; Promise.prototype.then = null; setImmediate = null; 1',
    );
    expect(await context.run('({ a: [1] })')).toMatchObject(value({ a: [1] }));
  });
});
