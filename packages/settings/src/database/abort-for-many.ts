import { setMaxListeners } from 'node:events';

/** A controller whose signal any number of calls may listen to at a time. Each takes its listener away when it is over. */
export function abortForMany(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
