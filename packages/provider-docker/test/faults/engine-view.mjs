// @ts-check
import Docker from 'dockerode';
import { setTimeout as delay } from 'node:timers/promises';

/** @import { ContainerInfo } from 'dockerode' */

const OWNER = 'io.sandport.owner=sandport';
const POLL_MS = 50;

/** What is looked at and done to an engine behind a provider's back. Only what carries the named pool or process is ever touched. */
export class EngineView {
  /** @param {string} dockerHost */
  constructor(dockerHost) {
    this.dockerHost = dockerHost;
    const { hostname, port } = dockerHost.startsWith('unix://') ? { hostname: '', port: '' } : new URL(dockerHost);
    this.docker = new Docker(
      hostname === '' ? { socketPath: dockerHost.slice('unix://'.length) } : { host: hostname, port: Number(port), protocol: 'http' },
    );
  }

  /**
   * @param {string} pool
   * @returns {Promise<ContainerInfo[]>} of every state
   */
  async ofPool(pool) {
    return this.docker.listContainers({ all: true, filters: { label: [OWNER, `io.sandport.pool=${pool}`] } });
  }

  /**
   * @param {ReadonlySet<number>} processIds
   * @returns {Promise<ContainerInfo[]>} what these processes made, in every state
   */
  async ofProcesses(processIds) {
    const all = await this.docker.listContainers({ all: true, filters: { label: [OWNER] } });
    return all.filter(({ Labels }) => processIds.has(Number(Labels['io.sandport.holder']?.split('/')[2])));
  }

  /**
   * @param {ReadonlySet<number>} processIds
   * @returns {Promise<string[]>} leases that these processes took
   */
  async leasesOf(processIds) {
    const { Volumes } = await this.docker.listVolumes({ filters: { label: [OWNER] } });
    return (Volumes ?? [])
      .filter(({ Labels }) => processIds.has(Number(Labels['io.sandport.holder']?.split('/')[2])))
      .map(({ Name }) => Name);
  }

  /** @param {string} id */
  async remove(id) {
    await this.docker
      .getContainer(id)
      .remove({ force: true })
      .catch((/** @type {unknown} */ error) => {
        // Gone already, or on its way.
        const status = error instanceof Error ? Reflect.get(error, 'statusCode') : undefined;
        if (status !== 404 && status !== 409) throw error;
      });
  }
}

/** @param {string} sandboxId `sandport-<pool>-<number>` */
export function poolOf(sandboxId) {
  return sandboxId.slice('sandport-'.length, sandboxId.lastIndexOf('-'));
}

/**
 * Waits until something holds; failures of the question count as no.
 *
 * @param {() => Promise<boolean>} holds
 * @param {number} timeoutMs
 * @returns {Promise<number>} how long it took, in milliseconds; NaN when it never came about
 */
export async function timeUntil(holds, timeoutMs) {
  const startedAt = performance.now();
  while (performance.now() - startedAt < timeoutMs) {
    if (await holds().catch(() => false)) return performance.now() - startedAt;
    await delay(POLL_MS);
  }
  return Number.NaN;
}
