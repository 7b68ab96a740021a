'use strict';
// Breaks off what a cell does when its host says so: synchronous code wherever it is, or the wait for a promise.

const inspector = require('node:inspector');
const path = require('node:path');
const { promiseHooks } = require('node:v8');
const { Worker } = require('node:worker_threads');
const states = require('./javascript_interrupt_states.cjs');

const { STATE, ANSWER, CELL, PLACES, IDLE, SYNCHRONOUS, ASYNCHRONOUS, BREAKING, BROKEN } = states;
const { load, store, compareExchange, wait, notify } = Atomics;
const { defineProperty } = Object;
const now = performance.now.bind(performance);
/** A global name under which the inspector finds what it shall run. */
const STEP_NAME = '$sandport';
/** Its frame has the name of a file of the runner, which stacks do not show. */
const STEP = `${STEP_NAME}();\n//# sourceURL=${path.join(__dirname, 'javascript_step.cjs')}`;
/** A request that was sent arrives at once; this is for a machine that is busy. */
const ARRIVAL_MS = 20;

/** Runs parts of a cell so that an interrupt can break them off. */
class Interrupter {
  #shared = new Int32Array(new SharedArrayBuffer(4 * PLACES));
  #session = new inspector.Session();
  #onInterrupt = () => undefined;
  #held = new Set();
  #step = () => undefined;

  /** Takes over the job channel, and resolves when jobs and interrupts are taken from it. */
  async start(jobDescriptor, { onJob, onEnd }) {
    this.#session.connect();
    defineProperty(globalThis, STEP_NAME, { value: () => this.#step() });
    const worker = new Worker(path.join(__dirname, 'javascript_interrupt_worker.cjs'), {
      workerData: { shared: this.#shared, jobDescriptor },
      env: {},
    });
    await new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.on('message', ({ kind, text, cell }) => {
        if (kind === 'ready') resolve();
        else if (kind === 'job') onJob(text);
        else if (kind === 'end') onEnd();
        else this.#hear(cell);
      });
    });
  }

  #hear(cell) {
    store(this.#shared, ANSWER, 1);
    notify(this.#shared, ANSWER);
    // It may have been meant for a cell that is over.
    if (cell === load(this.#shared, CELL)) this.#onInterrupt();
  }

  /** Says that the cell of the next job begins, which an interrupt ends by calling the function. */
  begin(onInterrupt) {
    store(this.#shared, CELL, load(this.#shared, CELL) + 1);
    store(this.#shared, STATE, ASYNCHRONOUS);
    this.#onInterrupt = onInterrupt;
  }

  /** Says that the cell is over. From now on nothing of it is broken off. */
  settle() {
    this.#onInterrupt = () => undefined;
    this.#contain(() => {
      const state = compareExchange(this.#shared, STATE, ASYNCHRONOUS, IDLE);
      if (state !== ASYNCHRONOUS && state !== IDLE) this.#absorb();
    });
    this.#leave(IDLE);
  }

  /**
   * Sends a command to V8's inspector whose code may be broken off, and gives whether it was. `onAnswer` gets the answer, at once or when the
   * promise that the code waits for settles.
   */
  breakable(method, parameters, onAnswer) {
    let answer;
    let isOver = false;
    const release = this.#holdFirstPromise();
    const isWhole = this.#contain(() => {
      if (compareExchange(this.#shared, STATE, ASYNCHRONOUS, SYNCHRONOUS) !== ASYNCHRONOUS) {
        this.#absorb();
        return;
      }
      this.#session.post(method, parameters, (error, result) => {
        answer = { error, result };
        release();
        if (isOver) onAnswer(answer);
      });
      const isBroken = answer !== undefined && answer.error !== null;
      if (compareExchange(this.#shared, STATE, SYNCHRONOUS, ASYNCHRONOUS) !== SYNCHRONOUS && !isBroken) this.#absorb();
    });
    const state = load(this.#shared, STATE);
    this.#leave(ASYNCHRONOUS);
    isOver = true;
    if (!isWhole || state === BREAKING || state === BROKEN) return true;
    if (answer !== undefined) onAnswer(answer);
    return false;
  }

  /** Asks V8's inspector something that runs no code of the program. */
  ask(method, parameters) {
    let answer;
    this.#session.post(method, parameters, (error, result) => {
      answer = { error, result };
    });
    return answer;
  }

  /** What breaks off ends where V8's inspector was called: whatever it may hit runs below such a call. Gives whether it came to its end. */
  #contain(action) {
    let isWhole = false;
    this.#step = () => {
      action();
      isWhole = true;
    };
    this.ask('Runtime.evaluate', { expression: STEP, silent: true });
    return isWhole;
  }

  /** Lets a request that is on its way hit nothing but this loop. */
  #absorb() {
    this.#awaitRequest();
    for (const until = now() + ARRIVAL_MS; now() < until;);
  }

  #awaitRequest() {
    while (load(this.#shared, STATE) === BREAKING) wait(this.#shared, STATE, BREAKING, 1_000);
  }

  #leave(state) {
    this.#awaitRequest();
    store(this.#shared, STATE, state);
  }

  /**
   * The first promise of an evaluation is that of the evaluation itself. When it can no longer settle and is collected, the inspector answers in
   * the middle of the collection, which Node does not survive: so it is held until there is an answer.
   */
  #holdFirstPromise() {
    let held;
    let stop;
    stop = promiseHooks.onInit((promise) => {
      held ??= promise;
      this.#held.add(held);
      stop?.();
      stop = undefined;
    });
    return () => {
      stop?.();
      stop = undefined;
      this.#held.delete(held);
    };
  }
}

module.exports = { Interrupter };
