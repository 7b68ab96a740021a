// @ts-check
/** `npm run docs`: writes the pages of docs/ that are made from the sources, and from what was measured. The tests say when one is out of date. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { renderCliPage, renderCliReadme } from './docs/cli-page.mjs';
import { renderErrorsPage } from './docs/errors-page.mjs';
import { EXAMPLE_PAGES, renderExamples } from './docs/example-snippets.mjs';
import { renderObservabilityPage } from './docs/observability-tables.mjs';
import { folderOfProvider, leastConfig, pageOfProvider, renderProviderPage, renderProviderReadme } from './docs/provider-tables.mjs';
import { writeReferencePages } from './docs/reference-pages.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { writeLine } from './setup/progress.mjs';
import { repositoryRoot } from './setup/repository.mjs';

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
  const { createProgram, EXIT_CODE_MEANINGS } = await import('../packages/cli/dist/index.js');
  await writeFile(path.join(repositoryRoot, 'docs', 'cli.md'), renderCliPage(createProgram, EXIT_CODE_MEANINGS));
  writeLine('wrote docs/cli.md');
  const cliReadme = path.join(repositoryRoot, 'packages', 'cli', 'README.md');
  await writeFile(cliReadme, renderCliReadme(await readFile(cliReadme, 'utf8'), EXIT_CODE_MEANINGS));
  writeLine('wrote packages/cli/README.md');
  for (const definition of providers) {
    const readme = path.join(repositoryRoot, 'packages', folderOfProvider(definition.id), 'README.md');
    const fields = describeConfig(definition.configSchema);
    const provider = createProvider(definition, leastConfig(fields));
    const facts = { fields, capabilities: provider.capabilities };
    await writeFile(readme, renderProviderReadme(await readFile(readme, 'utf8'), facts));
    const page = path.join(repositoryRoot, pageOfProvider(definition.id));
    if (existsSync(page)) await writeFile(page, renderProviderPage(await readFile(page, 'utf8'), fields));
    await provider.close();
    writeLine(`wrote ${path.relative(repositoryRoot, readme)}`);
  }
  for (const name of EXAMPLE_PAGES) {
    const page = path.join(repositoryRoot, name);
    const readExample = (/** @type {string} */ example) => readFileSync(path.join(repositoryRoot, example), 'utf8');
    await writeFile(page, renderExamples(await readFile(page, 'utf8'), readExample));
    writeLine(`wrote ${name}`);
  }
  const { writeMeasuredPages } = await import('./docs/measured-pages.mjs');
  for (const file of await writeMeasuredPages()) writeLine(`wrote ${path.relative(repositoryRoot, file)}`);
  // Last: it lists what the others have written.
  await writeReferencePages(path.join(repositoryRoot, 'docs'), writeLine);
  return 0;
});
