// @ts-check
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTool } from '../setup/run-tool.mjs';
import { publishedIntegrity } from './published-integrity.mjs';
import { inPublishingOrder } from './publishing-order.mjs';
import { ReleaseRefused } from './release-refused.mjs';

const publishTimeoutMs = 180_000;

/** @import { PackedPackage } from '../registry/tarball.mjs' */

/**
 * A package on its way, and whether the registry has it already.
 *
 * @typedef {{ packed: PackedPackage, isPublished: boolean }} Publication
 */

/**
 * Finds out what is left to publish. A release that stopped half way goes on where it stopped.
 *
 * @param {{ packages: readonly PackedPackage[], registryUrl: string, signal: AbortSignal }} options
 * @returns {Promise<Publication[]>} in the order in which they are published
 * @throws {ReleaseRefused} when a version is there with another content: what is published cannot be replaced
 */
export async function planPublication({ packages, registryUrl, signal }) {
  const ordered = inPublishingOrder(packages);
  const found = await Promise.all(
    ordered.map(({ manifest: { name, version } }) => publishedIntegrity({ registryUrl, name, version, signal })),
  );
  const others = ordered.filter(({ integrity }, index) => found[index] !== null && found[index] !== integrity);
  if (others.length > 0) {
    throw new ReleaseRefused(
      others.map(
        ({ manifest: { name, version } }) =>
          `${name}@${version} is published with another content: take the sources that it was made of, or a new version.`,
      ),
    );
  }
  return ordered.map((packed, index) => ({ packed, isPublished: found[index] !== null }));
}

/**
 * Publishes what is not there yet, one after the other.
 *
 * @param {object} options
 * @param {readonly Publication[]} options.plan
 * @param {string} options.registryUrl
 * @param {boolean} options.provenance
 * @param {string} options.tag
 * @param {(line: string) => void} options.log
 * @param {AbortSignal} options.signal
 * @param {Record<string, string>} [options.env] added to this process's own
 * @throws {import('../setup/run-tool.mjs').ToolFailedError} when one could not be published; those before it are
 */
export async function publishPackages({ plan, registryUrl, provenance, tag, log, signal, env = {} }) {
  // Outside of the clone, whose settings are those of its development.
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-release-'));
  try {
    for (const { packed, isPublished } of plan) {
      const { name, version } = packed.manifest;
      if (isPublished) {
        log(`there already: ${name}@${version}`);
        continue;
      }
      const options = ['--access', 'public', '--tag', tag, '--registry', registryUrl, ...(provenance ? ['--provenance'] : [])];
      await runTool(['npm', 'publish', packed.tarball, ...options], { timeoutMs: publishTimeoutMs, signal, cwd: folder, env });
      log(`published: ${name}@${version}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
