import type { Readable, Writable } from 'node:stream';

/** How a process ended. */
export interface ProgramExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A runner that was started at the head of a process group of its own, and the ends of its streams. */
export interface ProgramHandle {
  readonly pid: number;
  readonly exited: Promise<ProgramExit>;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly job: Writable;
  readonly report: Readable;
}

/** Where and with what a program is started. */
export interface ProgramPlace {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A program that runs once, or an interpreter that takes one cell after the other. */
  readonly runner: 'program' | 'context';
  /** Limit of open files; the host's own when there is none. */
  readonly openFiles: number | null;
}
