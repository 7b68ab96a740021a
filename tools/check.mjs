// @ts-check
/** `npm run check`: every static check, from a clean clone, one line a step; stops at the first that fails. */
import { runChecks } from './check/run-checks.mjs';
import { installDependencies } from './setup/install-dependencies.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { withProgress, writeLine } from './setup/progress.mjs';

process.exitCode = await withInterruption(async (signal) => {
  await withProgress('install dependencies', (log) => installDependencies({ log, signal }));
  const { failed } = await runChecks({ log: writeLine, signal });
  return failed === 0 ? 0 : 1;
});
