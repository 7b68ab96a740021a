// @ts-check

const timeoutMs = 30_000;

/**
 * Asks a registry for the digest of a version.
 *
 * @param {{ registryUrl: string, name: string, version: string, signal: AbortSignal }} options
 * @returns {Promise<string | null>} `null` where the version is not published
 * @throws Error when the registry gives no answer that says so
 */
export async function publishedIntegrity({ registryUrl, name, version, signal }) {
  const address = new URL(name.replace('/', '%2f'), registryUrl.replace(/\/?$/, '/'));
  const response = await fetch(address, {
    headers: { accept: 'application/vnd.npm.install-v1+json', 'cache-control': 'no-cache' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`The registry answers for ${name} with status ${response.status}.`);
  const document = /** @type {{ versions?: Record<string, { dist?: { integrity?: string } }> }} */ (await response.json());
  const { versions = {} } = document;
  if (!Object.hasOwn(versions, version)) return null;
  return versions[version]?.dist?.integrity ?? 'without integrity';
}
