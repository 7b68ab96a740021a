// @ts-check
/** Hooks of the module loader: tell each module that is loaded. */

/** @import { InitializeHook, LoadHook } from 'node:module' */

/** @type {(url: string) => void} */
let tell = () => undefined;

/** @type {InitializeHook<{ port: import('node:worker_threads').MessagePort }>} */
export function initialize({ port }) {
  tell = (url) => port.postMessage(url);
}

/** @type {LoadHook} */
export function load(url, context, nextLoad) {
  tell(url);
  return nextLoad(url, context);
}
