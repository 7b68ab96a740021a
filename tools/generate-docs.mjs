// @ts-check
/** `npm run docs`: writes the pages of docs/ that are made from the sources. The tests say when one is out of date. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { renderErrorsPage } from './docs/errors-page.mjs';
import { renderObservabilityPage } from './docs/observability-tables.mjs';
import { folderOfProvider, leastConfig, renderProviderReadme } from './docs/provider-tables.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { writeLine } from './setup/progress.mjs';
import { repositoryRoot } from './setup/repository.mjs';
import { writeReferencePages } from './docs/reference-pages.mjs';

process.exitCode = await withInterruption(async (signal) => {
  await installDependencies({ log: writeLine, signal });
  await buildPackages({ signal });
  // Only now do the packages exist that it imports.
  const { createProvider, describeConfig, ERROR_CODES } = await import('../packages/core/dist/index.js');
  const kit = await import('../packages/provider-kit/dist/index.js');
  const client = await import('../packages/client/dist/index.js');
  const { providers } = await import('../packages/providers/dist/index.js');
  await writeFile(path.join(repositoryRoot, 'docs', 'errors.md'), renderErrorsPage(ERROR_CODES));
  writeLine('wrote docs/errors.md');
  await writeReferencePages(path.join(repositoryRoot, 'docs'), writeLine);
  const observability = path.join(repositoryRoot, 'docs', 'observability.md');
  const names = {
    provider: { attributes: kit.TELEMETRY_ATTRIBUTES, metrics: kit.TELEMETRY_METRICS, spans: kit.TELEMETRY_SPANS },
    client: {
      attributes: client.CLIENT_TELEMETRY_ATTRIBUTES,
      metrics: client.CLIENT_TELEMETRY_METRICS,
      spans: client.CLIENT_TELEMETRY_SPANS,
    },
  };
  await writeFile(observability, renderObservabilityPage(await readFile(observability, 'utf8'), names));
  writeLine('wrote docs/observability.md');
  for (const definition of providers) {
    const readme = path.join(repositoryRoot, 'packages', folderOfProvider(definition.id), 'README.md');
    const fields = describeConfig(definition.configSchema);
    const provider = createProvider(definition, leastConfig(fields));
    const facts = { fields, capabilities: provider.capabilities };
    await writeFile(readme, renderProviderReadme(await readFile(readme, 'utf8'), facts));
    await provider.close();
    writeLine(`wrote ${path.relative(repositoryRoot, readme)}`);
  }
  return 0;
});
