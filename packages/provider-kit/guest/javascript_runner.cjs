'use strict';
// Runs one JavaScript program: takes the job from one descriptor and reports on another. See README.md.

const Module = require('node:module');
const path = require('node:path');
const { types } = require('node:util');
const vm = require('node:vm');
const { closeReports, readJob, sendReady, sendReport, writeError } = require('./javascript_channel.cjs');
const { Display } = require('./javascript_display.cjs');
const { describeError } = require('./javascript_error.cjs');
const { runCommonJs, runEsModule } = require('./javascript_module.cjs');
const { parseSource } = require('./javascript_source.cjs');
const { encodeValue } = require('./javascript_value.cjs');

// User code may replace all of these before a report is written.
const { stringify } = JSON;
const byteLength = Buffer.byteLength;
const exitProcess = process.exit.bind(process);
const listenerCount = process.listenerCount.bind(process);
const hasCapture = process.hasUncaughtExceptionCaptureCallback.bind(process);
const TypeErrorOf = TypeError;

/** Where the program is: what an empty event loop or an uncaught error means depends on it. */
let stage = 'module';
let reported = false;
/** What main, or the import of the program, rejected with. */
let rejection;

function boot() {
  if (vm.SourceTextModule === undefined) throw new Error('Start the runner with --experimental-vm-modules.');
  // Node writes to a pipe only what fits in it and drops the rest in process.exit, unless the pipe blocks.
  for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
  sendReady();
  const job = readJob();
  if (job === undefined) return;
  Object.assign(process.env, job.environment);
  for (const file of Object.keys(Module._cache)) if (path.dirname(file) === __dirname) delete Module._cache[file];
  new Display(process.cwd()).install();
  start(job);
}

function start(job) {
  const folder = process.cwd();
  let program;
  try {
    program = parseSource(job.code, folder);
  } catch (error) {
    fail(describeError(error));
    return;
  }
  process.argv = [process.execPath, program.hasMain ? path.join(folder, 'main.js') : program.path];
  process.execArgv = [];
  process.on('uncaughtExceptionMonitor', onUncaughtError);
  process.on('beforeExit', onIdle);
  if (program.format === 'module') {
    void runEsModule(program).then((finished) => callMain(finished, job), onRejection);
  } else {
    callMain(runCommonJs(program), job);
  }
}

/** `exports.main`, else the top-level `main`, else the whole export when it is a function. */
function findMain({ exports, main }) {
  const isObject = (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
  if (isObject && exports.main !== undefined) return exports.main;
  if (main !== undefined) return main;
  const whole = types.isModuleNamespaceObject(exports) ? exports.default : exports;
  return typeof whole === 'function' ? whole : undefined;
}

function callMain(finished, job) {
  const main = findMain(finished);
  if (main === undefined) {
    stage = 'no-main';
    return;
  }
  if (typeof main !== 'function') {
    fail(describeError(new TypeErrorOf(`main is not a function but ${main === null ? 'null' : `a value of type ${typeof main}`}`)));
    return;
  }
  // Left in place when main throws: the error goes on to Node, which prints it where it was thrown.
  stage = 'main-thrown';
  const result = main(job.arguments);
  if (types.isPromise(result) || isThenable(result)) {
    stage = 'main-pending';
    void settle(result, job.valueBytes);
  } else {
    returnValue(result, job.valueBytes);
  }
}

const isThenable = (value) => typeof value === 'object' && value !== null && typeof value.then === 'function';

async function settle(promise, valueBytes) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    onRejection(error);
  }
  returnValue(value, valueBytes);
}

/**
 * Rejects again: an unhandled rejection is Node's to print and to end the process for. It reaches onUncaughtError on the way, unless
 * the program listens for such rejections.
 */
function onRejection(error) {
  stage = 'main-thrown';
  rejection = { error };
  if (listenerCount('unhandledRejection') > 0) reportError(error);
  throw error;
}

function returnValue(value, valueBytes) {
  stage = 'done';
  let text;
  try {
    text = encodeValue(value);
  } catch (error) {
    fail(describeError(error));
    return;
  }
  const sizeBytes = byteLength(text);
  if (sizeBytes <= valueBytes) {
    report('V', text);
    return;
  }
  report('L', stringify({ sizeBytes }));
  // The contract's name for this error, whatever the language.
  fail({ traceback: `ValueError: the value has ${sizeBytes} bytes of JSON; the limit is ${valueBytes}` });
}

/** Ends the process for an error that Node does not know of. */
function fail(description) {
  stage = 'done';
  writeError(`${description.traceback}\n`);
  report('E', stringify(description));
  process.exitCode = 1;
  exitProcess(1);
}

/** Node is about to print an error and to end the process, unless the program handles such errors itself. */
function onUncaughtError(error) {
  if (stage !== 'main-thrown' && (listenerCount('uncaughtException') > 0 || hasCapture())) {
    stage = 'done';
    return;
  }
  // Of a rejection with something that is no Error, Node hands over an Error of its own.
  reportError(rejection === undefined ? error : rejection.error);
}

function reportError(error) {
  stage = 'done';
  process.exitCode = 1;
  report('E', stringify(describeError(error)));
}

function onIdle() {
  if (stage === 'no-main') report('N', '');
  if (stage === 'module' || stage === 'main-pending') {
    const what = stage === 'module' ? 'The module never finished: its top-level await' : 'main() never finished: its promise';
    const message = `${what} was still pending when nothing was left to wait for`;
    fail({ type: 'Error', message, traceback: `Error: ${message}` });
  }
  // Exit handlers run and the exit code is what it was, but the heap is not torn down before the kernel takes it, which takes longer than a
  // short program. Whoever else listens for this event may have more to do.
  if (listenerCount('beforeExit') === 1) exitProcess();
}

/** The first report counts. */
function report(kind, payload) {
  if (reported) return;
  reported = true;
  sendReport(kind, payload);
  closeReports();
}

boot();
