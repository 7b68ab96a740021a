// @ts-check
import { runAttended, whileWanted } from '../engine/attended-command.mjs';
import { messageOf } from '../engine/errors.mjs';
import { withInterruption } from '../setup/interruption.mjs';
import { parseCommandLine, usage } from './command-line.mjs';
import { ensureDatabases, environmentFor } from './index.mjs';

const misuseExitCode = 64;

/** @param {string} line */
const log = (line) => void process.stderr.write(`databases: ${line}\n`);

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
      const databases = await ensureDatabases({ log, signal });
      let exitCode = 0;
      if (commandLine.action === 'run') {
        exitCode = await runAttended(commandLine.command, { env: environmentFor(databases), log });
      } else {
        for (const [name, value] of Object.entries(environmentFor(databases))) process.stdout.write(`export ${name}='${value}'\n`);
        await whileWanted(signal);
      }
      await databases.stop();
      return exitCode;
    } catch (error) {
      log(messageOf(error));
      return 1;
    }
  });
}

process.exitCode = await main();
