// @ts-check
import { constants } from 'node:os';

const orphanCheckMs = 500;
const signalNames = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Read at the very start: a parent that dies before this is not noticed. */
const parent = process.ppid;

/**
 * Watches for the end of the process that started this one: `npm` runs a shell in between, which dies of a SIGTERM without
 * passing it on.
 *
 * @param {() => void} onOrphaned
 * @returns {() => void} ends the watch
 */
function watchParent(onOrphaned) {
  const timer = setInterval(() => {
    if (process.ppid !== parent) onOrphaned();
  }, orphanCheckMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Runs `work` with a signal that fires when somebody wants this process to end, so that `work` can first end what it started.
 *
 * @param {(signal: AbortSignal) => Promise<number>} work gives the exit code
 * @returns {Promise<number>} the exit code, which after an interruption names the signal as shells do
 */
export async function withInterruption(work) {
  const controller = new AbortController();
  /** @type {number | undefined} */
  let interruptedCode;
  /** @param {NodeJS.Signals} name */
  const onSignal = (name) => {
    interruptedCode ??= 128 + constants.signals[name];
    controller.abort(new Error(`interrupted by ${name}`));
  };
  for (const name of signalNames) process.on(name, onSignal);
  const endWatch = watchParent(() => onSignal('SIGHUP'));
  try {
    const exitCode = await work(controller.signal);
    return interruptedCode ?? exitCode;
  } catch (error) {
    if (interruptedCode === undefined) throw error;
    return interruptedCode;
  } finally {
    endWatch();
    for (const name of signalNames) process.off(name, onSignal);
  }
}
