import { isIPv4 } from 'node:net';
import { ServiceProblem } from '@sandport/http-service';
import type { FastifyInstance } from 'fastify';

/** Names under which this machine reaches itself. */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Refuses whoever asks for another host than this machine: a page somewhere else can have its own name lead to this machine, and would be taken for ours.
 *
 * @param publicHost Name under which the server is reached otherwise.
 */
export function checkHost(app: FastifyInstance, publicHost: string | undefined): void {
  const names = new Set([...LOOPBACK_NAMES, ...(publicHost === undefined ? [] : [publicHost])]);
  app.addHook('onRequest', async (request) => {
    const name = (request.headers.host ?? '').replace(/:\d*$/, '').toLowerCase();
    if (!names.has(name)) throw new ServiceProblem('FORBIDDEN', 'This server is not known by the name that was asked for.');
  });
}
