// @ts-check
/** `npm run docs`: writes the pages of docs/ that are made from the sources. The tests say when one is out of date. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { renderErrorsPage } from './docs/errors-page.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { writeLine } from './setup/progress.mjs';
import { repositoryRoot } from './setup/repository.mjs';

process.exitCode = await withInterruption(async (signal) => {
  await installDependencies({ log: writeLine, signal });
  await buildPackages({ signal });
  // Only now does the package exist that it imports.
  const { ERROR_CODES } = await import('../packages/core/dist/index.js');
  await writeFile(path.join(repositoryRoot, 'docs', 'errors.md'), renderErrorsPage(ERROR_CODES));
  writeLine('wrote docs/errors.md');
  return 0;
});
