// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';

const FILTERS = JSON.stringify({ label: ['io.sandport.owner=sandport'] });
const POLL_MS = 50;

/** The containers of an engine, seen behind everybody's back. */
export class EngineView {
  /** @type {string} */
  #address;
  /** @type {string | undefined} */
  #socketPath;

  /** @param {string} [dockerHost] */
  constructor(dockerHost = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock') {
    const isSocket = dockerHost.startsWith('unix://');
    this.#socketPath = isSocket ? dockerHost.slice('unix://'.length) : undefined;
    this.#address = isSocket ? 'http://engine' : dockerHost.replace(/^tcp:/, 'http:');
  }

  /**
   * @param {ReadonlySet<number>} processIds
   * @returns {Promise<number>} how many containers there are, in every state, that these processes made
   */
  async countOf(processIds) {
    const agent = new Agent(this.#socketPath === undefined ? {} : { connect: { socketPath: this.#socketPath } });
    try {
      const query = new URLSearchParams({ all: 'true', filters: FILTERS });
      const { statusCode, body } = await request(`${this.#address}/containers/json?${query}`, { dispatcher: agent });
      const containers = /** @type {{ Labels: Record<string, string> }[]} */ (await body.json());
      if (statusCode !== 200) throw new Error(`The engine answered ${statusCode}.`);
      return containers.filter(({ Labels }) => processIds.has(Number(Labels['io.sandport.holder']?.split('/')[2]))).length;
    } finally {
      await agent.destroy();
    }
  }

  /**
   * Waits until these processes have no container any more.
   *
   * @param {ReadonlySet<number>} processIds
   * @param {number} timeoutMs
   * @returns {Promise<{ tookMs: number, left: number }>}
   */
  async untilNone(processIds, timeoutMs) {
    const beganMs = performance.now();
    for (;;) {
      const left = await this.countOf(processIds);
      const tookMs = performance.now() - beganMs;
      if (left === 0 || tookMs > timeoutMs) return { tookMs, left };
      await delay(POLL_MS);
    }
  }
}

/**
 * Waits until something holds, or it took too long.
 *
 * @param {() => boolean | Promise<boolean>} holds
 * @param {number} timeoutMs
 */
export async function until(holds, timeoutMs) {
  const endsAtMs = performance.now() + timeoutMs;
  while (!(await holds()) && performance.now() < endsAtMs) await delay(POLL_MS);
}
