// @ts-check
/** `pnpm soak`: the fault scenarios for long, against an engine with gVisor that is there or that is started for the purpose. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ensureEngine } from './engine/index.mjs';
import { buildImages } from './setup/build-images.mjs';
import { buildPackages } from './setup/build-packages.mjs';
import { withInterruption } from './setup/interruption.mjs';
import { repositoryRoot } from './setup/repository.mjs';
import { parseCommandLine, usage } from './soak/command-line.mjs';

const scenarios = path.join(repositoryRoot, 'packages', 'provider-docker', 'test', 'faults', 'soak.mjs');
const misuseExitCode = 64;

/** What happens goes to the error stream, so that the output is the figures alone. @param {string} line */
const log = (line) => void process.stderr.write(`${line}\n`);

/**
 * @param {readonly string[]} args
 * @param {string} dockerHost
 * @param {AbortSignal} signal
 * @returns {Promise<number>} the exit code
 */
async function runScenarios(args, dockerHost, signal) {
  const child = spawn(process.execPath, [scenarios, ...args], { stdio: 'inherit', env: { ...process.env, DOCKER_HOST: dockerHost } });
  const onAbort = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', onAbort, { once: true });
  const [exitCode] = await once(child, 'close');
  signal.removeEventListener('abort', onAbort);
  return typeof exitCode === 'number' ? exitCode : 1;
}

/** @returns {Promise<number>} the exit code */
async function main() {
  const commandLine = parseCommandLine(process.argv.slice(2));
  if (commandLine.action === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (commandLine.action === 'misuse') {
    log(`${commandLine.problem}\n\n${usage}`);
    return misuseExitCode;
  }
  const { args, asIs } = commandLine;
  return withInterruption(async (signal) => {
    if (!asIs) await buildPackages({ signal });
    const engine = await ensureEngine({ log, signal });
    try {
      const { dockerHost } = engine;
      if (!asIs) await buildImages({ dockerHost, profile: 'minimal', log, signal });
      return await runScenarios(args, dockerHost, signal);
    } finally {
      await engine.stop();
    }
  });
}

process.exitCode = await main();
