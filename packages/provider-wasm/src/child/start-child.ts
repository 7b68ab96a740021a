import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { wasmError } from '../wasm-errors.ts';

const MAX_STDERR_CHARACTERS = 4_000;

/** How a child process ended. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A child process that was started. */
export interface ChildProcessHandle {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** What it wrote to its stderr, the end of it. Its program cannot write there. */
  lastWords(): string;
  /** Settles when the kernel has told of its end. Never rejects. */
  readonly exited: Promise<ChildEnd>;
  /** Ends it at once, whatever it does. Idempotent. */
  kill(): void;
}

/**
 * Starts a process that has three pipes and an empty environment.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE` when the system makes no process.
 */
export async function startChild(command: string, args: readonly string[]): Promise<ChildProcessHandle> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: {}, cwd: NEUTRAL_FOLDER, windowsHide: true });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-MAX_STDERR_CHARACTERS);
  });
  const exited = new Promise<ChildEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(
        wasmError('PROVIDER_UNAVAILABLE', 'start child process', `"${command}" could not be started.`, {
          suggestion: 'Set the field "nodePath" to a plain Node, and look at the limits of this user.',
          cause: error,
        }),
      ),
    );
  });
  // Later errors are of signals that came too late; the end is told by 'exit'.
  child.on('error', () => undefined);
  child.unref();
  return {
    pid: child.pid ?? 0,
    stdin: child.stdin,
    stdout: child.stdout,
    lastWords: () => words,
    exited,
    kill: () => {
      // Whoever ends it waits for its end.
      child.ref();
      child.kill('SIGKILL');
    },
  };
}

/** Where a child process stands: no folder of the caller's. */
const NEUTRAL_FOLDER = process.platform === 'win32' ? undefined : '/';
