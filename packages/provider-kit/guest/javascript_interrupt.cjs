'use strict';
// Breaks off what a cell does when SIGINT comes: synchronous code wherever it is, or the wait for a promise.

const inspector = require('node:inspector');
const path = require('node:path');
const { promiseHooks } = require('node:v8');
const { Worker } = require('node:worker_threads');
const states = require('./javascript_interrupt_states.cjs');

const { STATE, ANSWER, CELL, PLACES, IDLE, SYNCHRONOUS, ASYNCHRONOUS, BREAKING, BROKEN } = states;
const { load, store, compareExchange, wait, notify } = Atomics;
const now = performance.now.bind(performance);
/** A request that was sent arrives at once; this is for a machine that is busy. */
const ARRIVAL_MS = 20;

/** Runs parts of a cell so that an interrupt can break them off. */
class Interrupter {
  #shared = new Int32Array(new SharedArrayBuffer(4 * PLACES));
  #session = new inspector.Session();
  #onInterrupt = () => undefined;
  #isEarly = false;
  #held = new Set();

  /** Resolves when interrupts are taken. */
  async start() {
    this.#session.connect();
    const worker = new Worker(path.join(__dirname, 'javascript_interrupt_worker.cjs'), {
      workerData: this.#shared,
      stdout: false,
      env: {},
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    worker.on('message', ({ isIdle, cell }) => {
      store(this.#shared, ANSWER, 1);
      notify(this.#shared, ANSWER);
      if (isIdle) this.#noteIdle();
      else if (cell === load(this.#shared, CELL)) this.#onInterrupt();
    });
    worker.unref();
  }

  /** Says that a cell begins, which an interrupt ends by calling the function: at once when the signal was faster than the cell's job. */
  begin(onInterrupt) {
    store(this.#shared, CELL, load(this.#shared, CELL) + 1);
    store(this.#shared, STATE, ASYNCHRONOUS);
    this.#onInterrupt = onInterrupt;
    if (this.#isEarly) onInterrupt();
  }

  /** Says that the cell is over. From now on nothing of it is broken off. */
  settle() {
    this.#isEarly = false;
    this.#onInterrupt = () => undefined;
    const state = compareExchange(this.#shared, STATE, ASYNCHRONOUS, IDLE);
    if (state === BREAKING || state === BROKEN) this.#absorb(false);
  }

  #noteIdle() {
    this.#isEarly = true;
    setImmediate(() => setImmediate(() => (this.#isEarly = false)));
  }

  /**
   * Sends a command to V8's inspector whose code may be broken off, and gives whether it was. `onAnswer` gets the answer, at once or when the
   * promise that the code waits for settles.
   */
  breakable(method, parameters, onAnswer) {
    let answer;
    let isOver = false;
    const release = this.#holdFirstPromise();
    store(this.#shared, STATE, SYNCHRONOUS);
    this.#session.post(method, parameters, (error, result) => {
      answer = { error, result };
      release();
      if (isOver) onAnswer(answer);
    });
    const isWhole = compareExchange(this.#shared, STATE, SYNCHRONOUS, ASYNCHRONOUS) === SYNCHRONOUS;
    const hasFailed = answer !== undefined && answer.error !== null;
    if (!isWhole) {
      this.#absorb(hasFailed);
      store(this.#shared, STATE, ASYNCHRONOUS);
    }
    isOver = true;
    if (!isWhole && (answer === undefined || hasFailed)) return true;
    if (answer !== undefined) onAnswer(answer);
    return false;
  }

  /**
   * The first promise of an evaluation is that of the evaluation itself. When it can no longer settle and is collected, the inspector answers in
   * the middle of the collection, which Node does not survive: so it is held until there is an answer.
   */
  #holdFirstPromise() {
    let held;
    let stop = promiseHooks.onInit((promise) => {
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

  /** Asks V8's inspector something that runs no code of the program. */
  ask(method, parameters) {
    let answer;
    this.#session.post(method, parameters, (error, result) => {
      answer = { error, result };
    });
    return answer;
  }

  /** Lets a request that is on its way hit nothing but a loop of its own. */
  #absorb(hasArrived) {
    while (load(this.#shared, STATE) === BREAKING) wait(this.#shared, STATE, BREAKING, 1_000);
    if (!hasArrived) {
      const until = now() + ARRIVAL_MS;
      this.ask('Runtime.evaluate', {
        expression: `while (performance.timeOrigin + performance.now() < ${performance.timeOrigin + until});`,
      });
    }
    compareExchange(this.#shared, STATE, BROKEN, IDLE);
  }
}

module.exports = { Interrupter };
