// @ts-check
/** `npm test`: everything that a change must pass, from a clean clone on a machine with only Node and npm. */
import { withInterruption } from './setup/interruption.mjs';
import { secondsSince, writeLine } from './setup/progress.mjs';
import { parseCommandLine, usage } from './test/command-line.mjs';
import { runAll } from './test/run-all.mjs';
import { formatTotals } from './test/totals.mjs';

const misuseExitCode = 64;

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
  const { nodeMajors, packaging } = commandLine;
  const isCi = process.env['CI'] === 'true' || process.env['CI'] === '1';
  const startedAt = performance.now();
  return withInterruption(async (signal) => {
    const totals = await runAll({ nodeMajors, packaging, isCi, signal });
    for (const failure of totals.failures) writeLine(`> FAILED ${failure.replaceAll('\n', ' ')}`);
    writeLine(`> everything took ${secondsSince(startedAt)}`);
    writeLine(formatTotals(totals));
    return totals.failed === 0 ? 0 : 1;
  });
}

process.exitCode = await main();
