// @ts-check
import { exitCodeOf, handledSignals, runAttended, whileWanted } from './attended-command.mjs';
import { parseCommandLine, usage } from './command-line.mjs';
import { messageOf } from './errors.mjs';
import { ensureEngine } from './index.mjs';

const misuseExitCode = 64;

/** @param {string} line */
const log = (line) => void process.stderr.write(`engine: ${line}\n`);

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
  const controller = new AbortController();
  /** @type {NodeJS.Signals | undefined} */
  let received;
  for (const name of handledSignals) {
    process.on(name, () => {
      received ??= name;
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  try {
    const { preferPrivate } = commandLine;
    const engine = await ensureEngine({ log, preferPrivate, signal: controller.signal });
    let exitCode = 0;
    if (commandLine.action === 'run') {
      exitCode = await runAttended(commandLine.command, { env: { DOCKER_HOST: engine.dockerHost }, log });
    } else {
      process.stdout.write(`export DOCKER_HOST=${engine.dockerHost}\n`);
      await whileWanted(controller.signal);
    }
    await engine.stop().catch((/** @type {unknown} */ error) => {
      log(messageOf(error));
      exitCode ||= 1;
    });
    return exitCode;
  } catch (error) {
    log(messageOf(error));
    return received === undefined ? 1 : exitCodeOf(received);
  }
}

process.exitCode = await main();
