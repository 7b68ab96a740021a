'use strict';
// The thread that takes the interrupts of a context. A script that is run with `breakOnSigint` takes SIGINT away from whoever else handles it,
// and lets go of it only when it ends: so several of them run one inside the other, and the inner ones start anew. An interrupt breaks off
// the innermost, which as a rule is the one that waits.

const inspector = require('node:inspector');
const vm = require('node:vm');
const { parentPort, workerData } = require('node:worker_threads');
const states = require('./javascript_interrupt_states.cjs');

const { STATE, ANSWER, CELL, IDLE, SYNCHRONOUS, ASYNCHRONOUS, BREAKING, BROKEN, YIELD_PROCESSOR_MS, YIELD_MS, YIELD_LOOK_MS } = states;
const LEVELS = 4;

const shared = workerData;
const never = new Int32Array(new SharedArrayBuffer(4));
const enter = new vm.Script('sandportEnter()');
let level = 0;
let isReady = false;
let interrupts = 0;
let handled = 0;

globalThis.sandportEnter = () => {
  const own = level;
  if (own === LEVELS) {
    // Before the scripts run, SIGINT ends the process.
    if (!isReady) parentPort.postMessage('ready');
    isReady = true;
    Atomics.wait(never, 0, 0);
    return;
  }
  for (;;) {
    if (own === LEVELS - 1) handle();
    inside(own + 1, enter);
  }
};

/** Runs a script one level further in. Gives false when an interrupt broke it off. */
function inside(next, script) {
  level = next;
  try {
    script.runInThisContext({ breakOnSigint: true });
    return true;
  } catch (error) {
    if (error.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
    interrupts += 1;
    return false;
  }
}

/** Does what the interrupts ask for that came so far. It may itself be broken off by a further one, and is then done again. */
function handle() {
  if (Atomics.load(shared, STATE) === BREAKING) requestBreak();
  while (handled !== interrupts) {
    const count = interrupts;
    interrupt();
    handled = count;
  }
}

function interrupt() {
  const state = Atomics.load(shared, STATE);
  Atomics.store(shared, ANSWER, 0);
  // A message may arrive when another cell runs already.
  const cell = Atomics.load(shared, CELL);
  parentPort.postMessage({ isIdle: state === IDLE, cell });
  if (state === SYNCHRONOUS) {
    breakOff(SYNCHRONOUS);
    return;
  }
  if (state !== ASYNCHRONOUS) return;
  awaitAnswer();
  // What came after an await does not give way to the message.
  if (Atomics.load(shared, ANSWER) === 0 && Atomics.load(shared, CELL) === cell) breakOff(ASYNCHRONOUS);
}

/** Breaking off may hit the interpreter itself and end it, so a message that was not read yet for lack of a processor is waited for. */
function awaitAnswer() {
  const untilMs = performance.now() + YIELD_MS;
  const untilProcessorMs = processorMs() + YIELD_PROCESSOR_MS;
  while (Atomics.load(shared, ANSWER) === 0 && performance.now() < untilMs && processorMs() < untilProcessorMs) {
    Atomics.wait(shared, ANSWER, 0, YIELD_LOOK_MS);
  }
}

/** Processor time of the process, in which this thread has little part. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function breakOff(state) {
  if (Atomics.compareExchange(shared, STATE, state, BREAKING) === state) requestBreak();
}

function requestBreak() {
  const session = new inspector.Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution');
  session.disconnect();
  Atomics.store(shared, STATE, BROKEN);
  Atomics.notify(shared, STATE);
}

level = 1;
for (;;) inside(1, enter);
