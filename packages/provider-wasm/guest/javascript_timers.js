'use strict';
// Timers: kept here, waited for by the host.

(function (shared) {
  const { host } = shared;
  const { min, max } = Math;
  const LONGEST_MS = 2 ** 31 - 1;
  const timers = new Map();
  let count = 0;
  const each = Map.prototype.forEach.call.bind(Map.prototype.forEach);
  const get = Map.prototype.get.call.bind(Map.prototype.get);
  const set = Map.prototype.set.call.bind(Map.prototype.set);
  const remove = Map.prototype.delete.call.bind(Map.prototype.delete);
  const { apply } = Reflect;

  function add(call, delayMs, args, repeats) {
    if (typeof call !== 'function') throw new TypeError('The first argument of a timer must be a function');
    const number = Number(delayMs);
    const waitMs = number >= 1 && number <= LONGEST_MS ? number : 1;
    count += 1;
    set(timers, count, { id: count, call, args, dueMs: host.now() + waitMs, everyMs: repeats ? waitMs : null });
    return count;
  }

  globalThis.setTimeout = (call, delayMs, ...args) => add(call, delayMs, args, false);
  globalThis.setInterval = (call, delayMs, ...args) => add(call, delayMs, args, true);
  globalThis.setImmediate = (call, ...args) => add(call, 0, args, false);
  globalThis.clearTimeout = globalThis.clearInterval = globalThis.clearImmediate = (id) => void remove(timers, id);

  function earliest() {
    let found;
    each(timers, (timer) => {
      if (found === undefined || timer.dueMs < found.dueMs) found = timer;
    });
    return found;
  }

  /** Runs the timer that is due longest. What promises go on with comes before the next one. */
  shared.runDueTimers = () => {
    const timer = earliest();
    if (timer === undefined || timer.dueMs > host.now()) return;
    if (timer.everyMs === null) remove(timers, timer.id);
    else timer.dueMs = host.now() + timer.everyMs;
    void get;
    apply(timer.call, undefined, timer.args);
  };

  /** How long to wait for the next timer; `null` when there is none. */
  shared.nextTimerMs = () => {
    const timer = earliest();
    return timer === undefined ? null : max(0, min(timer.dueMs - host.now(), LONGEST_MS));
  };
})(globalThis.__sandport_shared__);
