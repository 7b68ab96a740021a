// @ts-check
/** `npm run install-weight`: installs the client and one provider into empty folders and says what that weighs and takes; `--json` for programs, `--write` into the README. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { renderWeights, replaceWeights } from './install-weight/describe-weight.mjs';
import { INSTALLATIONS, measureInstall } from './install-weight/measure-install.mjs';
import { openPackedRegistry } from './registry/packed-registry.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { repositoryRoot } from './setup/repository.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } } });

/** Each provider with a cache of its own that is empty at first. @param {AbortSignal} signal */
async function measureAll(signal) {
  const { registry, environment: packedEnvironment } = await openPackedRegistry({ signal });
  const caches = await mkdtemp(path.join(tmpdir(), 'sandport-npm-cache-'));
  try {
    const installations = [];
    for (const [provider, packages] of Object.entries(INSTALLATIONS)) {
      const environment = { ...packedEnvironment, npm_config_cache: path.join(caches, provider) };
      const cold = await measureInstall({ packages, environment, signal });
      installations.push({ provider, cold, warm: await measureInstall({ packages, environment, signal }) });
    }
    return installations;
  } finally {
    await registry.close();
    await rm(caches, { recursive: true, force: true });
  }
}

process.exitCode = await withInterruption(async (signal) => {
  // What happens goes to the error stream, so that the output is the figures alone.
  await installDependencies({ log: (line) => void process.stderr.write(`${line}\n`), signal });
  await buildPackages({ signal });
  const installations = await measureAll(signal);
  const table = renderWeights(installations);
  process.stdout.write(values.json ? `${JSON.stringify(installations, null, 2)}\n` : `${table}\n`);
  if (values.write) {
    const readme = path.join(repositoryRoot, 'README.md');
    await writeFile(readme, replaceWeights(await readFile(readme, 'utf8'), table));
  }
  return 0;
});
