'use strict';
// The thread that takes the interrupts of a context. A script that is run with `breakOnSigint` takes SIGINT away from whoever else handles it;
// one such script inside another never lets go of it, also not while the inner one starts anew. So no interrupt can end the process.

const inspector = require('node:inspector');
const vm = require('node:vm');
const { parentPort, workerData } = require('node:worker_threads');
const { STATE, ANSWER, CELL, IDLE, SYNCHRONOUS, ASYNCHRONOUS, BREAKING, BROKEN, YIELD_MS } = require('./javascript_interrupt_states.cjs');

const shared = workerData;
const never = new Int32Array(new SharedArrayBuffer(4));
const wait = new vm.Script('sandportWait()');
let isReady = false;

globalThis.sandportWait = () => {
  if (!isReady) parentPort.postMessage('ready');
  isReady = true;
  Atomics.wait(never, 0, 0);
};

globalThis.sandportWatch = () => {
  for (;;) {
    try {
      wait.runInThisContext({ breakOnSigint: true });
    } catch (error) {
      if (error.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      interrupt();
    }
  }
};

function interrupt() {
  const state = Atomics.load(shared, STATE);
  Atomics.store(shared, ANSWER, 0);
  // A message may arrive when another cell runs already.
  parentPort.postMessage({ isIdle: state === IDLE, cell: Atomics.load(shared, CELL) });
  if (state === IDLE) return;
  if (state === SYNCHRONOUS) {
    breakOff(SYNCHRONOUS);
  } else if (Atomics.wait(shared, ANSWER, 0, YIELD_MS) === 'timed-out') {
    // What came after an await does not give way to the message.
    breakOff(ASYNCHRONOUS);
  }
}

function breakOff(state) {
  if (Atomics.compareExchange(shared, STATE, state, BREAKING) !== state) return;
  const session = new inspector.Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution');
  session.disconnect();
  Atomics.store(shared, STATE, BROKEN);
  Atomics.notify(shared, STATE);
}

new vm.Script('sandportWatch()').runInThisContext({ breakOnSigint: true });
