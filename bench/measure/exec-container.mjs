// @ts-check
import { once } from 'node:events';
import Docker from 'dockerode';
import { RUNTIMES } from './runtimes.mjs';

/** @import { Isolation, Language } from './runtimes.mjs' */

/**
 * A container that runs until it is removed, and the engine's own way of starting a program in it.
 *
 * @typedef {{ run: (command: readonly string[]) => Promise<void>, remove: () => Promise<void> }} ExecContainer
 */

/**
 * @param {{ language: Language, profile: 'minimal' | 'data', isolation: Isolation }} options
 * @returns {Promise<ExecContainer>}
 */
export async function startExecContainer({ language, profile, isolation }) {
  const container = await new Docker().createContainer({
    Image: `sandport/${language}:${profile}`,
    Cmd: ['sleep', '3600'],
    Labels: { 'io.sandport.bench': String(process.pid) },
    HostConfig: { Runtime: RUNTIMES[isolation], NetworkMode: 'none', AutoRemove: true, Tmpfs: { '/tmp': 'mode=1777' } },
  });
  const remove = async () => {
    await container.remove({ force: true });
  };
  try {
    await container.start();
  } catch (error) {
    await remove();
    throw error;
  }
  return { run: (command) => runIn(container, command), remove };
}

/**
 * @param {Docker.Container} container
 * @param {readonly string[]} command
 */
async function runIn(container, command) {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Env: ['HOME=/tmp'] });
  const stream = await exec.start({});
  const output = /** @type {Buffer[]} */ ([]);
  stream.on('data', (/** @type {Buffer} */ chunk) => output.push(chunk));
  await once(stream, 'end');
  const { ExitCode: exitCode } = await exec.inspect();
  if (exitCode !== 0) throw new Error(`${command[0]} ended with ${exitCode}: ${Buffer.concat(output).toString()}`);
}
