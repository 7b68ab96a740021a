import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statedSizes } from '../../tools/install-weight/describe-weight.mjs';
import { INSTALLATIONS, measureInstall } from '../../tools/install-weight/measure-install.mjs';
import { openPackedRegistry } from '../../tools/registry/packed-registry.mjs';
import { repositoryRoot } from '../../tools/setup/repository.mjs';

const { signal } = new AbortController();
const stated = statedSizes(readFileSync(path.join(repositoryRoot, 'README.md'), 'utf8'));
/** Libraries change their size from version to version. */
const TOLERANCE = 0.15;

describe('the README states what an installation weighs (otherwise: npm run install-weight -- --write)', () => {
  let packed: Awaited<ReturnType<typeof openPackedRegistry>>;
  beforeAll(async () => {
    packed = await openPackedRegistry({ signal });
  });
  afterAll(() => packed?.registry.close());

  test.each(Object.entries(INSTALLATIONS))('of the client with provider %s', async (provider, packages) => {
    // What is compiled at an installation takes long and weighs little.
    const environment = { ...packed.environment, npm_config_ignore_scripts: 'true' };
    const { bytes } = await measureInstall({ packages, environment, signal });
    const statedBytes = (stated.get(provider) ?? 0) * 1_000_000;
    expect(Math.abs(bytes - statedBytes) / bytes).toBeLessThan(TOLERANCE);
  });
});
