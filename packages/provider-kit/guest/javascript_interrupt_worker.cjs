'use strict';
// The thread that reads the job channel of a context, so that an interrupt is heard whatever the main thread does. Jobs are passed on; an
// interrupt, which is a job of a length that no job has, breaks off the one that was passed on last.

const inspector = require('node:inspector');
const net = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const { JobReader } = require('./javascript_jobs.cjs');
const states = require('./javascript_interrupt_states.cjs');

const { STATE, ANSWER, CELL, IDLE, SYNCHRONOUS, ASYNCHRONOUS, BREAKING, BROKEN, YIELD_PROCESSOR_MS, YIELD_MS, YIELD_LOOK_MS } = states;

const { shared, jobDescriptor } = workerData;
const jobs = new JobReader();
/** Number of the job that was passed on last. */
let passedOn = 0;

const socket = new net.Socket({ fd: jobDescriptor, readable: true, writable: false });
socket.on('data', (piece) => {
  jobs.push(piece);
  for (let job = jobs.take(); job !== undefined; job = jobs.take()) {
    if (job.isInterrupt) interrupt(passedOn);
    else passOn(job.text);
  }
});
socket.on('close', () => parentPort.postMessage({ kind: 'end' }));

function passOn(text) {
  passedOn += 1;
  parentPort.postMessage({ kind: 'job', text });
}

/**
 * Ends a cell: by a message, which the main thread reads when the cell yields, or by breaking it off. What came after an await is given some time, since
 * breaking off may hit the interpreter itself and end it; on a busy machine a message may lie unread for lack of a processor alone.
 */
function interrupt(cell) {
  Atomics.store(shared, ANSWER, 0);
  parentPort.postMessage({ kind: 'interrupt', cell });
  const untilMs = performance.now() + YIELD_MS;
  const untilProcessorMs = processorMs() + YIELD_PROCESSOR_MS;
  while (isUnheard(cell)) {
    const isDue = performance.now() >= untilMs || processorMs() >= untilProcessorMs;
    const state = Atomics.load(shared, STATE);
    if (Atomics.load(shared, CELL) === cell) {
      if (state === SYNCHRONOUS && breakOff(SYNCHRONOUS)) return;
      if (state === ASYNCHRONOUS && isDue && breakOff(ASYNCHRONOUS)) return;
    }
    if (isDue && state !== SYNCHRONOUS) return;
    Atomics.wait(shared, ANSWER, 0, YIELD_LOOK_MS);
  }
}

/** Whether the cell is still to begin, or runs, and its thread has not read the message. */
function isUnheard(cell) {
  if (Atomics.load(shared, ANSWER) !== 0) return false;
  const begun = Atomics.load(shared, CELL);
  return begun < cell || (begun === cell && Atomics.load(shared, STATE) !== IDLE);
}

/** Processor time of the process, in which this thread has little part. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function breakOff(state) {
  if (Atomics.compareExchange(shared, STATE, state, BREAKING) !== state) return false;
  const session = new inspector.Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution');
  session.disconnect();
  Atomics.store(shared, STATE, BROKEN);
  Atomics.notify(shared, STATE);
  return true;
}

parentPort.postMessage({ kind: 'ready' });
