import { constants } from 'node:os';
import type { SandboxMachine } from '../execution/sandbox-machine.ts';
import type { ProcessEnd } from '../execution/supervised-process.ts';

/** Bytes of a stream that are kept. The service has no limit; the fake must end. */
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;
/** How much longer than the program's own time the host waits. */
const HOST_SLACK_MS = 5000;
/** What the command `timeout` ends with when time was over. */
const TIMED_OUT = 124;
const SIGNAL_BASE = 128;

/** What to run in a container. */
export interface ProcessRun {
  readonly argv: readonly string[];
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: Buffer;
  readonly timeoutMs: number;
}

/** What became of it. */
export interface ProcessOutcome {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** The host gave up; the program goes on. */
export class HostTimeoutError extends Error {
  override readonly name = 'HostTimeoutError';
}

/**
 * Runs a program as below the command `timeout`: when its time is over, it alone is asked to end.
 *
 * @throws HostTimeoutError when it has not ended five seconds later.
 */
export async function runProcess(machine: SandboxMachine, run: ProcessRun): Promise<ProcessOutcome> {
  const output = { stdout: new KeptOutput(), stderr: new KeptOutput() };
  const { promise: ended, resolve: reportEnd } = deferred<ProcessEnd>();
  const { argv, workingFolder, environment, input } = run;
  const process = await machine.startProcess(
    { argv, workingFolder, environment, hasChannel: false, hasInput: input !== undefined },
    { onOutput: (stream, chunk) => output[stream].add(chunk), onReport: () => undefined, onEnd: reportEnd },
  );
  if (input !== undefined) process.write(input);
  if (input !== undefined) process.closeInput();
  let isOverdue = false;
  const timer = setTimeout(() => {
    isOverdue = true;
    process.kill('SIGTERM', 'process');
  }, run.timeoutMs);
  try {
    const exitCode = codeOf(await untilEnd(ended, run.timeoutMs + HOST_SLACK_MS));
    return { exitCode: isOverdue ? TIMED_OUT : exitCode, stdout: output.stdout.bytes(), stderr: output.stderr.bytes() };
  } finally {
    clearTimeout(timer);
  }
}

async function untilEnd(ended: Promise<ProcessEnd>, timeoutMs: number): Promise<ProcessEnd> {
  const { promise: late, reject } = deferred<never>();
  const timer = setTimeout(() => reject(new HostTimeoutError('Command timed out')), timeoutMs);
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

function codeOf({ exitCode, signal }: ProcessEnd): number {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return exitCode ?? SIGNAL_BASE + (numbers[signal ?? ''] ?? 0);
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void; reject: (error: Error) => void } {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<Value>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}

class KeptOutput {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): void {
    const kept = chunk.subarray(0, Math.max(0, MOST_OUTPUT_BYTES - this.#length));
    this.#length += kept.length;
    this.#chunks.push(kept);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
