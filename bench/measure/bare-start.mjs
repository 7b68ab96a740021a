// @ts-check
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { LANGUAGES } from './runtimes.mjs';
import { timed } from './samples.mjs';

/** @import { Language } from './runtimes.mjs' */

const run = promisify(execFile);

/**
 * Runs a command to its end, which must be a good one.
 *
 * @param {readonly string[]} command
 * @param {{ input?: Buffer, env?: NodeJS.ProcessEnv }} [options]
 */
export async function runToEnd(command, { input, env = process.env } = {}) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'], env });
  child.stdin.end(input);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
}

/** The interpreter itself: a version manager's launcher on the path would make our ratio look better than it is. @param {string} command */
async function interpreterOf(command) {
  if (command === 'node') return process.execPath;
  const { stdout } = await run(command, ['-I', '-c', 'import sys; print(sys.executable)']);
  return stdout.trim();
}

/** How long the interpreter of a language takes to start and end on this machine, doing nothing. @param {Language} language @param {number} calls */
export async function bareStarts(language, calls) {
  const samples = [];
  const [command, ...args] = LANGUAGES[language].bare;
  const interpreter = await interpreterOf(command);
  for (let index = 0; index < calls; index += 1) {
    // Without variables, as the children of the embedded provider start: one that names certificates, for example, doubles the time of a bare start.
    samples.push(await timed(() => runToEnd([interpreter, ...args], { env: {} })));
  }
  return samples;
}
