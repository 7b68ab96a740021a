// @ts-check
/**
 * `npm run page-pictures`: walks through the admin page as the tests do, and takes over into docs/images/admin what docs/admin.md shows. `--as-is` takes what the last walks left.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ensureBrowser, environmentFor } from './browser/index.mjs';
import { findProgram } from './engine/command.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { withProgress, writeLine } from './setup/progress.mjs';
import { repositoryRoot } from './setup/repository.mjs';
import { runTool, ToolFailedError } from './setup/run-tool.mjs';

const minuteMs = 60_000;
const screenshots = path.join(repositoryRoot, 'apps', 'admin', 'test', 'browser', '.screenshots');
const pictures = path.join(repositoryRoot, 'docs', 'images', 'admin');
const vitest = path.join(repositoryRoot, 'node_modules', 'vitest', 'vitest.mjs');

/** What a picture is called in the documents, and on the walks. */
const shown = {
  overview: 'overview',
  providers: 'first-start',
  configuration: 'form-e2b',
  'failed-test': 'test-failed',
  activation: 'activation',
  conflict: 'conflict',
  playground: 'playground-files',
  comparison: 'comparison',
  history: 'history',
  audit: 'audit',
  people: 'people',
  policy: 'policy',
};

/**
 * @param {AbortSignal} signal
 * @returns {Promise<number>} the exit code
 */
async function takePictures(signal) {
  const pngquant = findProgram('pngquant');
  if (pngquant === null) {
    writeLine('There is no pngquant here, which makes the pictures small: install the package of that name.');
    return 1;
  }
  try {
    if (!process.argv.includes('--as-is')) await walk(signal);
    await mkdir(pictures, { recursive: true });
    for (const [name, walked] of Object.entries(shown)) {
      for (const theme of ['light', 'dark']) {
        const places = ['--output', path.join(pictures, `${name}-${theme}.png`), path.join(screenshots, `${walked}-${theme}.png`)];
        await runTool([pngquant, '--force', '--strip', '--speed', '1', '--quality', '60-95', ...places], { timeoutMs: minuteMs, signal });
      }
    }
    writeLine(
      `${2 * Object.keys(shown).length} pictures are in ${path.relative(repositoryRoot, pictures)}. Look at them before they are kept.`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ToolFailedError)) throw error;
    writeLine(error.output);
    writeLine(error.message);
    return 1;
  }
}

/** @param {AbortSignal} signal */
async function walk(signal) {
  await withProgress('install dependencies', (log) => installDependencies({ log, signal }));
  await withProgress('build', () => buildPackages({ signal }));
  const env = environmentFor(await withProgress('browser', (log) => ensureBrowser({ log, signal })));
  await withProgress('walks', () =>
    runTool([process.execPath, vitest, 'run', '--project=browser'], { timeoutMs: 30 * minuteMs, signal, env }),
  );
}

process.exitCode = await withInterruption(takePictures);
