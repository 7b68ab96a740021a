// @ts-check
import { createInterface } from 'node:readline';

/**
 * What the helper processes tell the process that started them: one JSON object a line.
 *
 * @typedef {{ event: 'progress', text: string }
 *   | { event: 'ready' }
 *   | { event: 'failed', message: string, remedy: string }
 *   | { event: 'stopped', leftBehind: string[] }} Message
 */

/** @param {Message} message */
export function sendMessage(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/**
 * @param {NodeJS.ReadableStream} stream
 * @param {(message: Message) => void} onMessage
 */
export function receiveMessages(stream, onMessage) {
  createInterface({ input: stream }).on('line', (line) => onMessage(JSON.parse(line)));
}

/**
 * A signal for a helper process that fires when its parent is gone or wants it to end: the parent holds the other end
 * of our standard input, and the kernel closes it whatever the parent dies of.
 *
 * @returns {AbortSignal}
 */
export function parentGone() {
  const controller = new AbortController();
  const end = () => controller.abort(new Error('the process that asked for this has ended or wants it to end'));
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
  for (const name of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(name, end);
  // Nobody reads any more: the end of standard input says the same, and an unhandled error would cut the cleaning short.
  process.stdout.on('error', end);
  return controller.signal;
}
