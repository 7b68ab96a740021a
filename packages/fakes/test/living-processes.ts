import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What Linux says of a process; nothing when it has gone. */
function readProcess(pid: string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

const listPids = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

export const isAlive = (pid: string): boolean => /\) [^ZX] /.test(readProcess(pid, 'stat') ?? '');

/** The processes that have this text in their environment, wherever they hid. */
export const listMarked = (mark: string): string[] =>
  listPids().filter((pid) => isAlive(pid) && readProcess(pid, 'environ')?.includes(mark) === true);

export const listChildren = (child: ChildProcess): string[] =>
  listPids().filter((pid) => / \d+$/.exec(/\) . \d+/.exec(readProcess(pid, 'stat') ?? '')?.[0] ?? '')?.[0] === ` ${child.pid}`);
