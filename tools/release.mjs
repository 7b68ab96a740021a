// @ts-check
/** `npm run release`: says what would be published of this clone; with `--publish` it is. */
import { parseCommandLine, usage } from './release/command-line.mjs';
import { ReleaseRefused } from './release/release-refused.mjs';
import { release } from './release/release.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { writeLine } from './setup/progress.mjs';
import { ToolFailedError } from './setup/run-tool.mjs';

const misuseExitCode = 64;

/** @param {AbortSignal} signal */
async function main(signal) {
  let options;
  try {
    options = parseCommandLine(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    return misuseExitCode;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    await release(options, { log: writeLine, signal });
    return 0;
  } catch (error) {
    if (error instanceof ReleaseRefused) for (const problem of error.problems) process.stderr.write(`${problem}\n`);
    else if (error instanceof ToolFailedError) process.stderr.write(`${error.message}\n${error.output}\n`);
    else throw error;
    return 1;
  }
}

process.exitCode = await withInterruption(main);
