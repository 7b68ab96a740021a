// @ts-check
import { describeEngine } from './docker-api.mjs';
import { codeOf, messageOf } from './errors.mjs';

const defaultSocketPath = '/var/run/docker.sock';

/**
 * @typedef {{ dockerHost: string, serverVersion: string, hasGvisor: boolean }} FoundEngine
 * @typedef {{ engine: FoundEngine } | { engine: null, reason: string }} FindResult
 */

/**
 * @param {string | undefined} dockerHost
 * @returns {{ socketPath: string } | { reason: string }}
 */
export function socketPathOf(dockerHost) {
  if (dockerHost === undefined || dockerHost === '') return { socketPath: defaultSocketPath };
  if (dockerHost.startsWith('unix:///')) return { socketPath: dockerHost.slice('unix://'.length) };
  return { reason: `DOCKER_HOST is ${dockerHost}, and only unix:///… is understood here` };
}

/** Docker registers a runtime under the name that the operator gives it; gVisor's own installer says `runsc`. */
export const gvisorRuntimeName = 'runsc';

/**
 * The Docker engine that this machine already has, or the reason why there is none.
 *
 * @param {{ timeoutMs?: number, signal?: AbortSignal | undefined, dockerHost?: string | undefined }} [options]
 * @returns {Promise<FindResult>}
 */
export async function findEngine({ timeoutMs = 2_000, signal, dockerHost = process.env['DOCKER_HOST'] } = {}) {
  const socket = socketPathOf(dockerHost);
  if ('reason' in socket) return { engine: null, reason: socket.reason };
  try {
    const { serverVersion, runtimes } = await describeEngine({ ...socket, timeoutMs, signal });
    const hasGvisor = runtimes.includes(gvisorRuntimeName);
    return { engine: { dockerHost: `unix://${socket.socketPath}`, serverVersion, hasGvisor } };
  } catch (error) {
    signal?.throwIfAborted();
    return { engine: null, reason: explain(error, socket.socketPath) };
  }
}

/**
 * @param {unknown} error
 * @param {string} socketPath
 * @returns {string}
 */
function explain(error, socketPath) {
  const code = codeOf(error);
  if (code === 'ENOENT') return `there is no socket at ${socketPath}`;
  if (code === 'ECONNREFUSED') return `nobody listens at ${socketPath}`;
  if (code === 'EACCES') return `this user may not open ${socketPath}`;
  return messageOf(error);
}
