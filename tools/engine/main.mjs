// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { parseCommandLine, usage } from './command-line.mjs';
import { messageOf } from './errors.mjs';
import { ensureEngine } from './index.mjs';

const misuseExitCode = 64;
const cannotRunExitCode = 127;
const handledSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @param {string} line */
const log = (line) => void process.stderr.write(`engine: ${line}\n`);

/** @param {NodeJS.Signals} name */
const exitCodeOf = (name) => 128 + constants.signals[name];

/**
 * @param {[string, ...string[]]} command
 * @param {string} dockerHost
 * @returns {Promise<number>} its exit code
 */
function runWith([program, ...args], dockerHost) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, DOCKER_HOST: dockerHost } });
    for (const name of handledSignals) {
      process.on(name, () => {
        // A terminal sends its Ctrl-C to the command as well, and many programs take a second one for "give up at once".
        if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name);
      });
    }
    child.on('error', (error) => {
      log(`cannot run ${program}: ${error.message}`);
      resolve(cannotRunExitCode);
    });
    child.on('exit', (exitCode, signalName) => resolve(signalName === null ? (exitCode ?? 1) : exitCodeOf(signalName)));
  });
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function untilSignalled(signal) {
  return new Promise((resolve) => {
    // A listener alone does not keep the process alive.
    const keepAlive = setInterval(() => undefined, 60_000);
    const end = () => {
      clearInterval(keepAlive);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
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
      exitCode = await runWith(commandLine.command, engine.dockerHost);
    } else {
      process.stdout.write(`export DOCKER_HOST=${engine.dockerHost}\n`);
      await untilSignalled(controller.signal);
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
