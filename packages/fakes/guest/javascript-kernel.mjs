// A JavaScript context: one interpreter that runs one piece of code after the other in one global scope, with `await` outside of functions.
// Its last two arguments are the descriptors on which orders come and reports go, as lines of JSON.
import { writeSync } from 'node:fs';
import inspector from 'node:inspector';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import vm from 'node:vm';

const [ordersDescriptor, reportsDescriptor] = process.argv.slice(-2).map(Number);
process.argv.length = 1;
globalThis.require = createRequire(`${process.cwd()}/`);

// The engine's own evaluation knows `await` at the top and gives back the value that the code ends with.
const session = new inspector.Session();
session.connect();

/** Where functions that the engine calls on a value find the functions of this file. */
const KEY = Symbol.for('sandport.fakes.javascript-kernel');
Object.defineProperty(process, KEY, { value: { inspect, describe } });

process.on('uncaughtException', (error) => void process.stderr.write(`Uncaught ${inspect(error)}\n`));

function post(method, parameters) {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error, answer) => (error === null ? resolve(answer) : reject(error)));
  });
}

function describe(error) {
  if (!(error instanceof Error)) return { name: 'Error', value: inspect(error), traceback: `Uncaught ${inspect(error)}` };
  // The frames of this file say nothing to who wrote the code.
  const lines = inspect(error).split('\n');
  const traceback = lines.filter((line) => !/^\s+at .*(\[eval\d*\]|node:vm|node:inspector|Promise \(<anonymous>)/.test(line)).join('\n');
  return { name: error.name, value: error.message, traceback };
}

/** Hands a value of the engine to one of the functions above. */
async function call(name, { objectId, type, value, unserializableValue, description }) {
  if (objectId === undefined) {
    if (type === 'bigint') return call.local[name](BigInt(unserializableValue.slice(0, -1)));
    return call.local[name](unserializableValue === undefined ? (value ?? description) : Number(unserializableValue));
  }
  const functionDeclaration = `function () { return process[Symbol.for(${JSON.stringify(KEY.description)})].${name}(this); }`;
  const { result } = await post('Runtime.callFunctionOn', { objectId, functionDeclaration, returnByValue: true });
  return result.value;
}
call.local = { inspect, describe };

const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
const compile = (code, filename) => new vm.Script(code, { filename, importModuleDynamically });

// What the engine evaluates with `await` at the top has no loader: there, `import()` becomes a call of this.
globalThis.importModule = compile('(specifier) => import(specifier)', 'import-module').runInThisContext();
Object.defineProperty(globalThis, 'importModule', { enumerable: false });

/** Compiles code that is a script as it stands. If it is none, it may have an `await` at the top; if not, the engine says what is wrong. */
function compileScript(code, name) {
  try {
    return compile(code, name);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Runs code with the engine's own evaluation, which knows `await` at the top. */
async function evaluate(code, name) {
  const expression = `${code.replaceAll(/(?<![.\w$])import\s*\(/g, 'importModule(')}\n//# sourceURL=${name}`;
  const { result, exceptionDetails } = await post('Runtime.evaluate', { expression, replMode: true, objectGroup: 'cell' });
  const outcome =
    exceptionDetails === undefined
      ? { result: result.type === 'undefined' ? null : await call('inspect', result) }
      : { error: await call('describe', exceptionDetails.exception) };
  await post('Runtime.releaseObjectGroup', { objectGroup: 'cell' });
  return outcome;
}

function runScript(script) {
  try {
    const value = script.runInThisContext();
    return { result: value === undefined ? null : inspect(value) };
  } catch (error) {
    return { error: describe(error) };
  }
}

let count = 0;

async function run(code) {
  count += 1;
  const script = compileScript(code, `cell${count}`);
  const outcome = script === undefined ? await evaluate(code, `cell${count}`) : runScript(script);
  return { status: outcome.error === undefined ? 'ok' : 'error', result: null, error: null, ...outcome, count };
}

// An interrupt ends code with its interpreter. One that comes when no code runs is for code that had just ended.
const ignoreInterrupt = () => undefined;
process.on('SIGINT', ignoreInterrupt);

function send(message) {
  const data = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < data.length;) sent += writeSync(reportsDescriptor, data, sent);
}

/** Gives code variables of the environment for as long as it runs. */
async function runWith(environment, code) {
  process.off('SIGINT', ignoreInterrupt);
  send({ begun: true });
  const before = Object.keys(environment).map((name) => [name, process.env[name]]);
  Object.assign(process.env, environment);
  const report = await run(code);
  process.on('SIGINT', ignoreInterrupt);
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  return report;
}

// A socket, not a file: reading a file waits in a thread, and the code could not end its process while it does.
const orders = new Socket({ fd: ordersDescriptor, readable: true, writable: false });
for await (const line of createInterface({ input: orders })) {
  const order = JSON.parse(line);
  send(await runWith(order.environment ?? {}, order.code));
}
// Whatever the code left running, timers or servers, ends with its context.
process.kill(process.pid, 'SIGKILL');
