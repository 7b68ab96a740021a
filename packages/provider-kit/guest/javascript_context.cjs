'use strict';
// An interpreter that runs one cell after the other and keeps what they declare. See README.md. Cells are evaluated by V8's inspector, whose
// REPL mode keeps declarations, lets them be made anew and knows `await` at the top level.

const Module = require('node:module');
const path = require('node:path');
const { inspect, types } = require('node:util');
const vm = require('node:vm');
const { importAll, setVariables } = require('./javascript_bindings.cjs');
const { jobDescriptor, sendReady, sendReport, writeError } = require('./javascript_channel.cjs');
const { withOtherDeclaration, withoutConstants } = require('./javascript_declarations.cjs');
const { Display } = require('./javascript_display.cjs');
const { describeError } = require('./javascript_error.cjs');
const { IMPORT_NAME, takeImports } = require('./javascript_imports.cjs');
const { Interrupter } = require('./javascript_interrupt.cjs');
const { importerFor, importMetaOf } = require('./javascript_module.cjs');
const { describeSyntaxError } = require('./javascript_syntax_error.cjs');
const { encodeValue } = require('./javascript_value.cjs');

// User code may replace all of these.
const { parse, stringify } = JSON;
const byteLength = Buffer.byteLength;
const exitProcess = process.exit.bind(process);
const { assign, defineProperty, keys } = Object;
const later = setImmediate;
const ErrorOf = Error;

const HOLDER = Symbol.for('sandport.context');
const INTERRUPTED = {
  type: 'Interrupted',
  message: 'The cell was interrupted',
  traceback: 'Interrupted: The cell was interrupted',
};

/** Where the inspector and this program hand values to each other. */
const holder = { value: undefined };
const interrupter = new Interrupter();
/** Jobs that came, as JSON text; as a rule there is one at most. */
const jobs = [];
const display = new Display(process.cwd());
const file = path.join(process.cwd(), 'cell.js');
const load = importerFor(file);
let holderId;
let count = 0;
let cell;
let isEnding = false;

async function boot() {
  // Node writes to a pipe only what fits in it and drops the rest in process.exit, unless the pipe blocks.
  for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
  await interrupter.start(jobDescriptor, { onJob, onEnd });
  addGlobals();
  display.install();
  process.argv = [process.execPath];
  process.execArgv = [];
  process.on('uncaughtException', (error) => writeError(`${printed(error, describeError(error))}\n`));
  for (const name of keys(Module._cache)) if (path.dirname(name) === __dirname) delete Module._cache[name];
  sendReady();
}

function onJob(text) {
  jobs.push(text);
  takeJob();
}

function onEnd() {
  isEnding = true;
  if (cell === undefined) exitProcess(0);
}

function addGlobals() {
  const require = Module.createRequire(file);
  const module = new Module(file, undefined);
  const loadAs = (specifier, options) => load(specifier, options?.with);
  const values = { require, module, exports: module.exports, [HOLDER]: holder };
  values[IMPORT_NAME] = assign(loadAs, { meta: importMetaOf(file) });
  for (const key of Reflect.ownKeys(values)) {
    defineProperty(globalThis, key, { value: values[key], writable: true, configurable: true, enumerable: false });
  }
  const expression = 'globalThis[Symbol.for("sandport.context")]';
  holderId = interrupter.ask('Runtime.evaluate', { expression, objectGroup: 'context' }).result.result.objectId;
}

function takeJob() {
  if (cell !== undefined) return;
  const text = jobs.shift();
  if (text === undefined) {
    if (isEnding) exitProcess(0);
    return;
  }
  const job = parse(text);
  count += 1;
  const running = { name: `cell-${count}.js`, job, rewritten: new Set() };
  cell = running;
  interrupter.begin(() => failWith(running, INTERRUPTED));
  assign(process.env, job.environment);
  let code;
  try {
    setVariables(job.arguments);
    code = takeImports(asExpression(job.code));
  } catch (error) {
    fail(running, error);
    return;
  }
  running.text = withoutConstants(code.text);
  if (code.imports.length === 0) later(evaluate, running);
  else waitFor(running, importAll(code.imports, load), (values) => declareImports(running, values));
}

/** Like other interactive interpreters, takes a cell that is one object literal for that and not for a block. */
function asExpression(code) {
  if (!/^\s*\{/.test(code) || /;\s*$/.test(code)) return code;
  try {
    new vm.Script(`(${code}\n)`);
    return `(${code}\n)`;
  } catch {
    // A block, or something that the evaluation will complain of.
    return code;
  }
}

function declareImports(running, values) {
  holder.imports = Object.fromEntries(values);
  running.lead =
    values.length === 0 ? '' : `let { ${keys(holder.imports).join(', ')} } = globalThis[Symbol.for('sandport.context')].imports; `;
  running.text = running.lead + running.text;
  later(evaluate, running);
}

/** Goes on when a promise settles, in a turn of its own: where microtasks run, an evaluation cannot run its own. */
function waitFor(running, promise, goOn) {
  promise.then(
    (value) => later(() => running === cell && goOn(value)),
    (error) => later(() => fail(running, error)),
  );
}

function evaluate(running) {
  if (running !== cell) return;
  const parameters = { expression: `${running.text}\n//# sourceURL=${running.name}`, replMode: true, silent: true, objectGroup: 'cell' };
  const isBroken = interrupter.breakable('Runtime.evaluate', parameters, (answer) => takeAnswer(running, answer));
  if (isBroken) failWith(running, INTERRUPTED);
}

function takeAnswer(running, { error, result }) {
  if (running !== cell) return;
  if (error) {
    later(fail, running, new ErrorOf('The cell never finished'));
    return;
  }
  const details = result.exceptionDetails;
  const value = valueOf(details?.exception ?? result.result);
  // Waited for at once, lest its rejection counts as unhandled.
  if (details === undefined && types.isPromise(value)) waitFor(running, value, (settled) => finish(running, settled));
  else later(details === undefined ? finish : takeError, running, value, details);
}

function takeError(running, error, details) {
  if (running !== cell) return;
  if (!types.isNativeError(error) || !describeSyntaxError(error, details, running) || !retry(running, error)) fail(running, error);
}

/** A declaration that contradicts an earlier one is noticed before anything runs. */
function retry(running, { message }) {
  const text = withOtherDeclaration(running.text, message, running.rewritten);
  if (text === undefined) return false;
  running.text = text;
  evaluate(running);
  return true;
}

/** The value that the inspector speaks of. */
function valueOf({ objectId, unserializableValue, value }) {
  holder.value = undefined;
  const argument = objectId !== undefined ? { objectId } : unserializableValue !== undefined ? { unserializableValue } : { value };
  const functionDeclaration = 'function (value) { this.value = value; }';
  interrupter.ask('Runtime.callFunctionOn', { functionDeclaration, objectId: holderId, arguments: [argument] });
  const taken = holder.value;
  holder.value = undefined;
  return taken;
}

function finish(running, value) {
  if (running !== cell) return;
  let text;
  holder.finish = () => {
    display.displayRich(value);
    text = encoded(value);
  };
  const parameters = { expression: "globalThis[Symbol.for('sandport.context')].finish()", silent: true, objectGroup: 'cell' };
  const isBroken = interrupter.breakable('Runtime.evaluate', parameters, () => undefined);
  holder.finish = undefined;
  if (isBroken) failWith(running, INTERRUPTED);
  else if (display.isPending) waitFor(running, display.settled(), () => reportValue(running, text));
  else reportValue(running, text);
}

function encoded(value) {
  try {
    return value === undefined ? undefined : encodeValue(value);
  } catch {
    // What JSON cannot carry is no error at the end of a cell: there is no main that promised a value.
    return undefined;
  }
}

function reportValue(running, text) {
  if (running !== cell) return;
  interrupter.settle();
  if (text === undefined) {
    report(running, 'N', '');
    return;
  }
  const sizeBytes = byteLength(text);
  const { valueBytes } = running.job;
  if (sizeBytes <= valueBytes) {
    report(running, 'V', text);
    return;
  }
  // The contract's name for this error, whatever the language.
  writeError(`ValueError: the value has ${sizeBytes} bytes of JSON; the limit is ${valueBytes}\n`);
  report(running, 'L', stringify({ sizeBytes }));
}

function fail(running, error) {
  const description = describeError(error);
  failWith(running, description, printed(error, description));
}

function failWith(running, description, text = description.traceback) {
  if (running !== cell) return;
  // Nothing may break off what follows.
  interrupter.settle();
  writeError(`${text}\n`);
  report(running, 'E', stringify(description));
}

/** What is thrown need not be an error. */
function printed(error, description) {
  return description.traceback || `Uncaught ${inspected(error, description.message)}`;
}

function inspected(value, otherwise) {
  try {
    return inspect(value);
  } catch {
    // A proxy or a getter of the program failed.
    return otherwise;
  }
}

function report(running, kind, payload) {
  if (running !== cell) return;
  interrupter.settle();
  interrupter.ask('Runtime.releaseObjectGroup', { objectGroup: 'cell' });
  cell = undefined;
  sendReport(kind, payload);
  later(takeJob);
}

void boot();
