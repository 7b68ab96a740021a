import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ProgramExit, ProgramHandle, ProgramPlace } from './program-handle.ts';

/** Starts a runner as a child process. */
export function spawnProgram(command: string, parameters: readonly string[], { folder, environment }: ProgramPlace): ProgramHandle {
  const child = spawn(command, parameters, {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const { pid, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) throw new Error(`${command} did not start.`);
  return { pid, exited: exitOf(child), stdout, stderr, job: channelOf(child, 3), report: channelOf(child, 4) };
}

async function exitOf(child: ChildProcess): Promise<ProgramExit> {
  await once(child, 'exit');
  return { exitCode: child.exitCode, signal: child.signalCode };
}

/** Node makes a two-way socket of every additional 'pipe'. */
function channelOf(child: ChildProcess, descriptor: 3 | 4): Duplex {
  return child.stdio[descriptor] as Duplex;
}
