// @ts-check
/** `npm start`: the admin app from a clean clone, with its configuration in a file and code running in the embedded sandbox. */
import { messageOf } from './engine/errors.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { withProgress, writeLine } from './setup/progress.mjs';
import { ToolFailedError } from './setup/run-tool.mjs';
import { parseCommandLine, usage } from './start/command-line.mjs';
import { prepareSettings, tryWhatIsInUse } from './start/prepare-settings.mjs';

const misuseExitCode = 64;

/**
 * @param {{ listen: string, folder: string, asIs: boolean, signal: AbortSignal }} options
 * @returns {Promise<number>} the exit code
 */
async function start({ listen, folder, asIs, signal }) {
  if (!asIs) {
    await withProgress('install dependencies', (log) => installDependencies({ log, signal }));
    await withProgress('build', () => buildPackages({ signal, only: ['@sandport/admin', '@sandport/cli'] }));
  }
  const { settingsFile, isNew } = await withProgress('settings', (log) => {
    log(`in ${folder}`);
    return prepareSettings({ folder, signal });
  });
  // Only now does it exist.
  const { serveAdmin } = await import('./start/serve-admin.mjs');
  writeLine('Ctrl-C ends it.\n');
  const whatElse = new AbortController();
  const both = AbortSignal.any([signal, whatElse.signal]);
  const trying = isNew ? tryEmbedded(settingsFile, both) : Promise.resolve();
  try {
    return await serveAdmin({ settingsFile, listen, signal });
  } finally {
    whatElse.abort();
    await trying;
  }
}

/**
 * Never rejects: the page is there without it.
 *
 * @param {string} settingsFile
 * @param {AbortSignal} signal
 */
async function tryEmbedded(settingsFile, signal) {
  try {
    await tryWhatIsInUse({ settingsFile, signal });
    writeLine('The embedded sandbox has passed its trial: its passport is on the page.');
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof ToolFailedError) writeLine(error.output.trim());
    writeLine(`The embedded sandbox has not passed its trial: ${messageOf(error)}`);
  }
}

/** @returns {Promise<number>} the exit code */
async function main() {
  const commandLine = parseCommandLine(process.argv.slice(2));
  if (commandLine.action === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (commandLine.action === 'misuse') {
    process.stderr.write(`${commandLine.problem}\n\n${usage}`);
    return misuseExitCode;
  }
  return withInterruption(async (signal) => {
    try {
      return await start({ ...commandLine, signal });
    } catch (error) {
      if (!(error instanceof ToolFailedError)) throw error;
      writeLine(error.output);
      writeLine(error.message);
      return 1;
    }
  });
}

process.exitCode = await main();
