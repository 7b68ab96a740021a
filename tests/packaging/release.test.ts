import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LocalRegistry } from '../../tools/registry/local-registry.mjs';
import { publishedNames } from '../../tools/registry/packed-registry.mjs';
import { packVerified } from '../../tools/release/release.mjs';
import { planPublication, publishPackages } from '../../tools/release/publish-packages.mjs';
import { listPublishedPackages } from '../../tools/setup/repository.mjs';

const { signal } = new AbortController();
const version = listPublishedPackages()[0]?.manifest.version ?? '';

let packages: Awaited<ReturnType<typeof packVerified>>;
let registry: LocalRegistry;

beforeAll(async () => {
  packages = await packVerified(version, signal);
  registry = await LocalRegistry.open({ names: publishedNames(), upstreamUrl: 'http://registry.invalid/' });
});

afterAll(() => registry?.close());

/** Publishes those of the release that are named, and gives what was said. */
async function publish(names: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  const chosen = packages.filter(({ manifest }) => names.includes(manifest.name));
  const plan = await planPublication({ packages: chosen, registryUrl: registry.url, signal });
  const env = registry.publisherEnvironment;
  await publishPackages({
    plan,
    registryUrl: registry.url,
    provenance: false,
    tag: 'latest',
    log: (line) => lines.push(line),
    signal,
    env,
  });
  return lines;
}

describe('a release', () => {
  test('has every package, each behind those that it depends on', async () => {
    const plan = await planPublication({ packages, registryUrl: registry.url, signal });
    const names = plan.map(({ packed }) => packed.manifest.name);
    expect(names.toSorted()).toEqual(publishedNames().toSorted());
    for (const { packed } of plan) {
      const own = Object.keys(packed.manifest.dependencies ?? {}).filter((name) => names.includes(name));
      expect(own.filter((name) => names.indexOf(name) > names.indexOf(packed.manifest.name))).toEqual([]);
    }
    expect(plan.filter(({ isPublished }) => isPublished)).toEqual([]);
  });

  test('that stopped half way goes on where it stopped, and what is installed is what was verified', async () => {
    expect(await publish(['@sandport/core'])).toEqual([`published: @sandport/core@${version}`]);
    expect(await publish(['@sandport/client', '@sandport/core'])).toEqual([
      `there already: @sandport/core@${version}`,
      `published: @sandport/client@${version}`,
    ]);
    for (const name of ['@sandport/core', '@sandport/client']) {
      const document = (await (await fetch(registry.url + name)).json()) as {
        versions: Record<string, { dist: { integrity: string; tarball: string } }>;
      };
      const packed = packages.find(({ manifest }) => manifest.name === name);
      const dist = document.versions[version]?.dist;
      expect(dist?.integrity).toBe(packed?.integrity);
      const downloaded = Buffer.from(await (await fetch(dist?.tarball ?? '')).arrayBuffer());
      expect(downloaded.equals(packed?.bytes ?? Buffer.alloc(0))).toBe(true);
    }
  });

  test('is refused where a version is published with another content', async () => {
    const changed = packages.map((packed) =>
      packed.manifest.name === '@sandport/core' ? { ...packed, integrity: 'sha512-another' } : packed,
    );
    await expect(planPublication({ packages: changed, registryUrl: registry.url, signal })).rejects.toMatchObject({
      problems: [expect.stringContaining(`@sandport/core@${version} is published with another content`)],
    });
  });
});
