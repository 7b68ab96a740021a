import type { Buffer } from 'node:buffer';
import type { SealedRequest } from '@sandport/provider-kit';
import type { CallOptions } from '../http/call-within.ts';

/** How our supervisor is brought into a sandbox, and spoken to there. */
export interface GuestWay {
  /** Runs the program that sets a sandbox up, and gives what it printed. */
  boot(program: Buffer, options: CallOptions): Promise<string>;
  /**
   * Hands one sealed request to the supervisor of a folder.
   *
   * @returns the sealed answer, `gone` when no supervisor is there; `undefined` when what came is no answer.
   */
  ask(folder: string, request: SealedRequest, options: CallOptions): Promise<Buffer | 'gone' | undefined>;
  /** Nothing more will be asked, and the sandbox ends. Does not wait for the far side. */
  close(): void;
  /** Nothing more will be asked, and the sandbox stays: takes out of it what was brought in to ask. */
  leave(): Promise<void>;
}

/** Reads a program and its length from standard input and becomes it: no file, and no words on a command line for others to read. It has no apostrophe. */
export const LOADER = 'import sys;r=sys.stdin.buffer;exec(compile(r.read(int(r.readline())),"sandport","exec"))';
