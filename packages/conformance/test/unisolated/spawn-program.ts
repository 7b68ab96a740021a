import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ProgramExit, ProgramHandle, ProgramPlace } from './program-handle.ts';

/** Starts a runner as a child process. */
export function spawnProgram(command: string, parameters: readonly string[], place: ProgramPlace): ProgramHandle {
  const [program, ...rest] = withinLimit(place.openFiles, [command, ...parameters]);
  const child = spawn(program, rest, {
    cwd: place.folder,
    env: place.environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const { pid, stdin, stdout, stderr } = child;
  if (pid === undefined || stdin === null || stdout === null || stderr === null) throw new Error(`${command} did not start.`);
  return { pid, exited: exitOf(child), stdin, stdout, stderr, job: channelOf(child, 3), report: channelOf(child, 4) };
}

/** The shell sets the limit and becomes the program. */
function withinLimit(openFiles: number | null, words: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return openFiles === null ? words : ['/bin/sh', '-c', `ulimit -n ${openFiles} && exec "$@"`, 'sh', ...words];
}

async function exitOf(child: ChildProcess): Promise<ProgramExit> {
  await once(child, 'exit');
  return { exitCode: child.exitCode, signal: child.signalCode };
}

/** Node makes a two-way socket of every additional 'pipe'. */
function channelOf(child: ChildProcess, descriptor: 3 | 4): Duplex {
  return child.stdio[descriptor] as Duplex;
}
