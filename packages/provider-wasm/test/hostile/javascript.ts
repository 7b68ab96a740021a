import type { HostileTheme } from './hostile-program.ts';

const timed = { status: 'timed-out', limits: { timeoutMs: 1000 }, evidence: 'timer' } as const;
// Memory ends first, also on a machine that gives an interpreter a tenth of its time.
const smallMemory = { memoryBytes: 96 * 1024 * 1024, timeoutMs: 90_000 };

/** Against time, memory and output. */
export const javascriptResources: HostileTheme = {
  theme: 'resources',
  language: 'javascript',
  programs: [
    { name: 'loops for ever', code: 'for (;;);\n', ...timed },
    { name: 'catches what would end it', code: 'for (;;) { try { for (;;); } catch {} finally { continue; } }\n', ...timed },
    { name: 'goes on in promises for ever', code: 'const again = () => Promise.resolve().then(again);\nagain();\n', ...timed },
    { name: 'goes on in microtasks for ever', code: 'const again = () => queueMicrotask(again);\nagain();\n', ...timed },
    { name: 'sets timers without end', code: 'setInterval(() => {}, 0);\n', ...timed },
    {
      name: 'sets a storm of timers',
      code: 'const storm = () => { for (let n = 0; n < 2; n += 1) setTimeout(storm, 0); };\nstorm();\n',
      status: ['timed-out', 'out-of-memory', 'failed'],
      limits: { timeoutMs: 1500 },
    },
    { name: 'waits for years', code: 'const main = () => new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));\n', ...timed },
    { name: 'waits for what nothing settles', code: 'const main = () => new Promise(() => {});\n', status: 'failed' },
    { name: 'matches a regular expression without end', code: "/^(a+)+$/.test('a'.repeat(64) + 'b');\n", ...timed },
    {
      name: 'computes a number without end',
      code: 'let n = 3n;\nfor (;;) n = n * n;\n',
      status: ['timed-out', 'failed', 'out-of-memory'],
      limits: smallMemory,
    },
    {
      name: 'collects text without end',
      code: "let text = 'x';\nfor (;;) text += text;\n",
      status: ['failed', 'out-of-memory'],
      limits: smallMemory,
    },
    {
      name: 'collects objects without end',
      code: 'const kept = [];\nfor (;;) kept.push({ n: kept.length, s: String(kept.length) });\n',
      status: ['out-of-memory', 'failed'],
      limits: smallMemory,
    },
    {
      name: 'collects buffers and catches the lack of them',
      code: 'const kept = [];\nfor (;;) { try { kept.push(new Uint8Array(65536).fill(1)); } catch {} }\n',
      status: ['out-of-memory', 'timed-out', 'failed'],
      limits: smallMemory,
    },
    {
      name: 'asks for a gibibyte at once',
      code: 'const main = () => new ArrayBuffer(2 ** 30).byteLength;\n',
      status: ['failed', 'out-of-memory'],
      limits: smallMemory,
    },
    {
      name: 'fills an array beyond all bounds',
      code: 'const main = () => new Array(2 ** 32 - 1).fill(0).length;\n',
      status: ['failed', 'out-of-memory', 'timed-out'],
      limits: smallMemory,
    },
    { name: 'returns a value of 50 MB', code: "const main = () => 'x'.repeat(50_000_000);\n", status: ['failed', 'out-of-memory'] },
    {
      name: 'prints 100 MB',
      code: "for (let n = 0; n < 100; n += 1) console.log('x'.repeat(1_000_000));\n",
      status: 'output-limit-exceeded',
      evidence: 'output-limit',
    },
    {
      name: 'prints bytes without end',
      code: 'for (;;) sandbox.errorOutput.write(new Uint8Array(65536).fill(255));\n',
      status: 'output-limit-exceeded',
      evidence: 'output-limit',
    },
    { name: 'recurses without end', code: 'function main() { return main() + 1; }\n', status: 'failed', message: /Maximum call stack/ },
    {
      name: 'recurses through getters, proxies and conversions',
      code: 'const trap = new Proxy({}, { get: (target, key, self) => self[key] });\nfunction main() {\n  const errors = [];\n  for (const act of [() => trap.x, () => { const a = []; a.push(a); return JSON.stringify({ toJSON() { return this; }, get a() { return JSON.stringify(this); } }); }, () => { const o = { toString() { return `${o}`; } }; return `${o}`; }, () => JSON.parse("[".repeat(1e6))]) {\n    try { act(); } catch (error) { errors.push(error.name); }\n  }\n  return errors.length;\n}\n',
      status: ['completed', 'failed'],
    },
    {
      name: 'sorts with a comparison that never ends it',
      code: 'new Array(1e6).fill(0).map((_, n) => n).sort(() => { for (;;); });\n',
      ...timed,
    },
    {
      name: 'writes more than there is room for',
      code: "let code = null;\ntry { for (;;) sandbox.files.append('a', new Uint8Array(1 << 20)); } catch (error) { code = error.code; }\nconst main = () => code;\n",
      value: 'ENOSPC',
      limits: { diskBytes: 4 * 1024 * 1024 },
      evidence: 'limit',
    },
    {
      name: 'makes empty files without end',
      code: "let code = null;\ntry { for (let n = 0; ; n += 1) sandbox.files.write(String(n), ''); } catch (error) { code = error.code; }\nconst main = () => code;\n",
      status: ['completed', 'timed-out'],
      limits: { diskBytes: 4 * 1024 * 1024, timeoutMs: 5000 },
    },
  ],
};

/** Against the engine, its machinery and the process around it. */
export const javascriptMachine: HostileTheme = {
  theme: 'machine',
  language: 'javascript',
  programs: [
    {
      name: 'climbs out by constructors',
      code: "const main = () => [this, console.log, setTimeout, sandbox.files.read, globalThis].map((thing) => { try { return typeof thing.constructor.constructor('return typeof process + typeof require + typeof WebAssembly')(); } catch { return 'refused'; } }).filter((kind) => kind !== 'string' && kind !== 'refused');\n",
      value: [],
    },
    {
      name: 'asks a function made of text for the process',
      code: "const main = () => [Function, async function () {}.constructor, function* () {}.constructor, eval].map((make) => { try { return make === eval ? eval('typeof process') : typeof make('return process'); } catch { return 'refused'; } });\n",
      value: ['function', 'function', 'function', 'undefined'],
    },
    {
      name: 'imports what only a host has',
      code: "async function main() {\n  const found = [];\n  for (const name of ['fs', 'node:fs', 'node:child_process', 'process', 'file:///etc/passwd', '/etc/passwd', 'data:text/javascript,1', 'https://example.com/x.js', 'qjs:std', 'std', 'os']) await import(name).then(() => found.push(name), () => {});\n  return found;\n}\n",
      value: [],
    },
    {
      name: 'looks for the functions of the host',
      code: "const main = () => Reflect.ownKeys(globalThis).filter((name) => typeof name === 'string' && name.includes('__sandport_host_'));\n",
      value: [],
    },
    {
      name: 'takes hold of the runner',
      code: "const main = () => { const found = []; for (const name of ['__sandport_shared__', '__sandport_start__', '__sandport_turn__', '__sandport_finish__']) { try { globalThis[name] = () => null; } catch {} try { globalThis[name]?.(); } catch {} } return found; };\n",
      status: ['completed', 'failed', 'killed'],
    },
    {
      name: 'replaces what the runner might use',
      code: "JSON.stringify = () => '\"forged\"';\nPromise.prototype.then = function () { return this; };\nArray.prototype[Symbol.iterator] = function* () {};\nString.prototype.slice = () => 'x';\nMap.prototype.get = () => null;\nObject.prototype.toJSON = () => 'forged';\nReflect.apply = () => null;\nFunction.prototype.call = () => null;\nconst main = () => ({ a: 1 });\n",
      status: ['completed', 'failed'],
    },
    {
      name: 'sets traps on the prototype of everything',
      code: "for (const name of ['signal', 'code', 'exports', 'then', 'length', 'path']) Object.defineProperty(Object.prototype, name, { get() { throw new Error('trap'); }, set() { throw new Error('trap'); } });\nconst main = () => ({ a: 1 });\n",
      status: ['completed', 'failed'],
    },
    {
      name: 'returns a value that throws when it is looked at',
      code: "const main = () => new Proxy({}, { get() { throw new Error('trap'); }, ownKeys() { throw new Error('trap'); } });\n",
      status: 'failed',
    },
    { name: 'returns a value that never ends', code: 'const main = () => ({ get a() { for (;;); } });\n', ...timed },
    { name: 'returns a promise that lies', code: 'const main = () => ({ then(resolve) { for (;;) resolve(1); } });\n', ...timed },
    {
      name: 'throws an error that cannot be shown',
      code: 'throw Object.defineProperties(new Error(), { message: { get() { throw 1; } }, stack: { get() { throw 2; } }, constructor: { get() { throw 3; } } });\n',
      status: 'failed',
    },
    { name: 'throws without a value', code: 'throw undefined;\n', status: 'failed' },
    {
      name: 'formats its stacks itself',
      code: 'Error.prepareStackTrace = () => { throw new Error("again"); };\nnull.x;\n',
      status: 'failed',
    },
    { name: 'exits with a number that means something elsewhere', code: 'sandbox.exit(137);\n', status: 'failed' },
    {
      name: 'exits in ways that are none',
      code: 'for (const code of [NaN, 1e300, -1, "9", {}]) { sandbox.exit(code); }\n',
      status: ['completed', 'failed'],
    },
    {
      name: 'reads files of the machine',
      code: "const main = () => ['/etc/passwd', '/proc/self/environ', '../../etc/passwd', '/workspace/../../etc/passwd', '/proc/1/mem'].filter((path) => { try { sandbox.files.read(path); return true; } catch { return false; } });\n",
      value: [],
    },
    {
      name: 'follows links out of the work folder',
      code: "const main = () => ['/etc/passwd', '../../etc/passwd'].filter((target, n) => { sandbox.files.link(target, `l${n}`); try { sandbox.files.read(`l${n}`); return true; } catch { return false; } });\n",
      value: [],
    },
    {
      name: 'makes links that lead in a circle',
      code: "sandbox.files.link('b', 'a');\nsandbox.files.link('a', 'b');\nlet code;\ntry { sandbox.files.read('a'); } catch (error) { code = error.code; }\nconst main = () => code;\n",
      value: 'ELOOP',
    },
    {
      name: 'calls what it was given with nonsense',
      code: "const main = () => { let refused = 0; for (const act of [() => sandbox.files.read(Symbol()), () => sandbox.files.write('x', { length: 1e9 }), () => sandbox.files.write({ toString() { throw 1; } }, ''), () => sandbox.output.write(null), () => sandbox.digest('md99', ''), () => setTimeout('code'), () => crypto.getRandomValues(5), () => new TextDecoder('x'), () => sandbox.input.read({})]) { try { act(); } catch { refused += 1; } } return refused >= 7; };\n",
      value: true,
    },
    {
      name: 'detaches and shares buffers',
      code: 'const main = () => { const a = new Uint8Array(8); try { structuredClone(a.buffer, { transfer: [a.buffer] }); } catch {} try { sandbox.output.write(new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 }), 4)); } catch {} return typeof SharedArrayBuffer; };\n',
      status: ['completed', 'failed'],
    },
    {
      name: 'looks for other engines',
      code: "const main = () => ['WebAssembly', 'process', 'require', 'fetch', 'Deno', 'Bun', 'Worker', 'importScripts', 'std', 'os', 'bjson', 'print', 'scriptArgs'].filter((name) => name in globalThis);\n",
      value: [],
    },
    {
      name: 'imports itself in a circle',
      code: "sandbox.files.write('a.mjs', \"import './b.mjs'; export const a = 1;\");\nsandbox.files.write('b.mjs', \"import './a.mjs'; export const b = 1;\");\nconst { a } = await import('./a.mjs');\nexport const main = () => a;\n",
      value: 1,
    },
    {
      name: 'requires itself in a circle',
      code: "sandbox.files.write('a.cjs', \"exports.n = 1; exports.b = require('./b.cjs').n;\");\nsandbox.files.write('b.cjs', \"exports.n = require('./a.cjs').n;\");\nconst main = () => require('./a.cjs').b;\n",
      value: 1,
    },
  ],
};
