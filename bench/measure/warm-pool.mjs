// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { timed } from './samples.mjs';

/** @import { Sandbox, SandboxProvider } from '@sandport/core' */
/** @import { Isolation, Language } from './runtimes.mjs' */

/** What is removed meanwhile must be gone, too. */
const REST_MS = 600;

/** How many containers a pool makes at the same time. */
const MADE_AT_ONCE = 2;

/** A limit that is not the configured one: such a container is not in the pool, and is made for its claim. */
const UNCOMMON = { memoryBytes: 300 * 1024 * 1024 };

/** A provider whose pool is full of unused containers. */
export class WarmPool {
  /** @type {SandboxProvider} */
  provider;
  /** How long it takes to make a container, in milliseconds. */
  coldMs = Number.POSITIVE_INFINITY;

  /** @param {SandboxProvider} provider */
  constructor(provider) {
    this.provider = provider;
  }

  /** Whether a claim of this length met a waiting container: one that has to be made takes much longer. @param {number} claimMs */
  isWarm(claimMs) {
    return claimMs < this.coldMs / 2;
  }

  /** Waits until so many containers have been made. @param {number} count */
  async refill(count) {
    await delay(REST_MS + (this.coldMs * 1.5 * count) / MADE_AT_ONCE);
  }

  close() {
    return this.provider.close();
  }
}

/**
 * @param {{ language: Language, isolation: Isolation, size: number, profile?: 'minimal' | 'data' }} options
 * @returns {Promise<WarmPool>} to be closed in the end
 */
export async function openWarmPool({ language, isolation, size, profile = 'minimal' }) {
  const provider = createProvider(dockerProvider, {
    isolation,
    profile,
    warmContainers: size,
    maxIdleContainers: size,
    // Those in use and those that are being removed count too.
    maxContainers: size * 2 + MADE_AT_ONCE,
  });
  const pool = new WarmPool(provider);
  try {
    // The first claim also looks at the engine and the images.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const tookMs = await timed(async () => {
        const sandbox = await provider.createSandbox({ language, limits: UNCOMMON });
        await sandbox.destroy();
      });
      pool.coldMs = Math.min(pool.coldMs, tookMs);
    }
    // A claim of the common kind tells the pool what to keep.
    await endAll([await provider.createSandbox({ language })]);
    await pool.refill(size + 1);
    return pool;
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** @param {readonly Sandbox[]} sandboxes */
export async function endAll(sandboxes) {
  await Promise.all(sandboxes.map((sandbox) => sandbox.destroy()));
}
