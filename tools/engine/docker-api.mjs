// @ts-check
import { request } from 'node:http';
import { withDeadline } from './deadline.mjs';
import { messageOf } from './errors.mjs';

/**
 * @typedef {object} EngineRequest
 * @property {string} socketPath
 * @property {string} path
 * @property {'GET' | 'DELETE'} [method]
 * @property {number} timeoutMs
 * @property {AbortSignal | undefined} [signal]
 */

/**
 * One request to a Docker engine. Answers of status 400 and above are thrown with the engine's own words.
 *
 * @param {EngineRequest} engineRequest
 * @returns {Promise<string>} the body
 */
function callEngine({ socketPath, path, method = 'GET', timeoutMs, signal }) {
  return withDeadline({ what: `${method} ${path} at ${socketPath}`, timeoutMs, signal }, (deadline) => {
    return new Promise((resolve, reject) => {
      // No agent: a kept-alive connection would keep this process alive after its work is done.
      const outgoing = request({ socketPath, path, method, signal: deadline, agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (/** @type {string} */ text) => (body += text));
        response.on('error', reject);
        response.on('end', () => {
          if ((response.statusCode ?? 0) < 400) resolve(body);
          else reject(new Error(`${method} ${path} was answered with ${response.statusCode}: ${body.trim()}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  });
}

/**
 * @param {{ socketPath: string, timeoutMs: number, signal?: AbortSignal | undefined }} options
 * @returns {Promise<{ serverVersion: string, runtimes: string[] }>}
 */
export async function describeEngine({ socketPath, timeoutMs, signal }) {
  return withDeadline({ what: `the Docker engine at ${socketPath}`, timeoutMs, signal }, async (deadline) => {
    const ping = await callEngine({ socketPath, path: '/_ping', timeoutMs, signal: deadline });
    if (ping.trim() !== 'OK') throw new Error(`${socketPath} answers, but not like a Docker engine`);
    /** @type {{ ServerVersion: string, Runtimes?: Record<string, unknown> }} */
    const info = JSON.parse(await callEngine({ socketPath, path: '/info', timeoutMs, signal: deadline }));
    return { serverVersion: info.ServerVersion, runtimes: Object.keys(info.Runtimes ?? {}) };
  });
}

/**
 * @param {Pick<EngineRequest, 'socketPath' | 'timeoutMs' | 'signal'>} options
 * @returns {Promise<string[]>} the identifiers of all containers, running or not
 */
async function listContainers(options) {
  /** @type {{ Id: string }[]} */
  const containers = JSON.parse(await callEngine({ ...options, path: '/containers/json?all=1' }));
  return containers.map(({ Id }) => Id);
}

/**
 * Removes every container, running or not, with its anonymous volumes.
 *
 * @param {{ socketPath: string, timeoutMs: number, signal?: AbortSignal | undefined }} options
 * @returns {Promise<void>}
 */
export async function removeAllContainers({ socketPath, timeoutMs, signal }) {
  return withDeadline({ what: 'removing the containers', timeoutMs, signal }, async (deadline) => {
    const common = { socketPath, timeoutMs, signal: deadline };
    const before = await listContainers(common);
    const attempts = await Promise.allSettled(
      before.map((id) => callEngine({ ...common, method: 'DELETE', path: `/containers/${id}?force=1&v=1` })),
    );
    const remaining = await listContainers(common);
    if (remaining.length === 0) return;
    const reasons = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [messageOf(attempt.reason)] : []));
    throw new Error(`${remaining.length} containers could not be removed: ${reasons.join('; ')}`);
  });
}
