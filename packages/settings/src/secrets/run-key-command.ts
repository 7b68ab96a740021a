import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { SandboxError } from '@sandport/core';
import { keyCommandSource, type KeyCommand } from './key-command.ts';
import { keySourceInvalid, keySourceUnavailable, keysWithdrawn, systemCodeOf } from './key-errors.ts';
import { KEY_TEXT_MAX_BYTES } from './key-lines.ts';

/** How long a key command may take, in milliseconds. */
const COMMAND_TIMEOUT_MS = 10_000;

/** How a key command is run. */
export interface KeyCommandOptions {
  /** The variables of the caller. The command gets them all, for it finds its own credentials there, except those whose names begin with `SANDPORT_`: they may hold a database's password. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** @default 10000 */
  readonly timeoutMs?: number | undefined;
}

/** What was seen of a command at its end. */
type Ending =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly kind: 'too-slow' | 'too-much' | 'withdrawn' };

type KeyProcess = ChildProcessByStdio<null, Readable, null>;

/**
 * Runs a key command to its end and gives what it printed. The command and what it started are ended when it takes too long, prints too much, or the signal fires.
 *
 * @throws SandboxError `CONFIG_INVALID` (cannot be started, printed too much), `SETTINGS_UNAVAILABLE` (failed, or took too long), `CANCELLED`. Nothing that it printed is in any of them.
 */
export async function runKeyCommand(command: KeyCommand, options: KeyCommandOptions): Promise<string> {
  const { signal, timeoutMs = COMMAND_TIMEOUT_MS } = options;
  if (signal?.aborted === true) throw keysWithdrawn(signal);
  const chunks: Buffer[] = [];
  let child: KeyProcess | undefined;
  try {
    child = start(command, options.environment);
    const ending = await endingOf(child, chunks, timeoutMs, signal);
    if (ending.kind === 'withdrawn' && signal !== undefined) throw keysWithdrawn(signal);
    checkEnding(ending, keyCommandSource(command), timeoutMs);
    return textOf(chunks);
  } catch (error) {
    throw toCommandError(error, keyCommandSource(command));
  } finally {
    if (child !== undefined) end(child);
    for (const chunk of chunks) chunk.fill(0);
  }
}

function start({ program, args }: KeyCommand, environment: KeyCommandOptions['environment']): KeyProcess {
  return spawn(program, args, {
    env: Object.fromEntries(Object.entries(environment).filter(([name]) => !name.toUpperCase().startsWith('SANDPORT_'))),
    // What it says beside its output is nobody's: it may be about the key.
    stdio: ['ignore', 'pipe', 'ignore'],
    // A process group of its own, so that what it started can be ended with it.
    detached: process.platform !== 'win32',
    shell: false,
    windowsHide: true,
  });
}

/** Waits for the end of the command and of its output, for the deadline, the signal, or too much output, whichever comes first. */
async function endingOf(child: KeyProcess, chunks: Buffer[], timeoutMs: number, signal: AbortSignal | undefined): Promise<Ending> {
  let onAbort: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Ending>((resolve, reject) => {
      let length = 0;
      child.stdout.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > KEY_TEXT_MAX_BYTES) resolve({ kind: 'too-much' });
      });
      child.stdout.on('error', reject);
      child.on('error', reject);
      child.once('close', (code, exitSignal) => resolve({ kind: 'exited', code, signal: exitSignal }));
      onAbort = () => resolve({ kind: 'withdrawn' });
      signal?.addEventListener('abort', onAbort, { once: true });
      timer = setTimeout(() => resolve({ kind: 'too-slow' }), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

function checkEnding(ending: Ending, source: string, timeoutMs: number): void {
  if (ending.kind === 'too-slow') {
    throw keySourceUnavailable(
      source,
      `did not end within ${timeoutMs} ms`,
      'Run it by hand, and see to it that it never asks for anything.',
    );
  }
  if (ending.kind === 'too-much') {
    throw keySourceInvalid(source, `printed more than ${KEY_TEXT_MAX_BYTES} bytes`, 'Let it print nothing but keys, one on each line.');
  }
  if (ending.kind === 'exited' && ending.code !== 0) {
    const how = ending.code === null ? `was ended by ${ending.signal ?? 'a signal'}` : `ended with exit status ${ending.code}`;
    throw keySourceUnavailable(source, how, 'Run it by hand, with the variables of this program, and mend what it complains about.');
  }
}

function textOf(chunks: readonly Buffer[]): string {
  const output = Buffer.concat(chunks);
  try {
    return output.toString('utf8');
  } finally {
    output.fill(0);
  }
}

/** Failures of the start, by the system's codes. Those of a moment are few; the others are the operator's to mend. */
function toCommandError(error: unknown, source: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const code = systemCodeOf(error) ?? 'unknown';
  // The system's error lists the arguments, which may hold secrets: its code has to do.
  const cause = new Error(`The system refused with ${code}.`);
  return ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(code)
    ? keySourceUnavailable(
        source,
        `could not be started (${code})`,
        'Try again when this machine has processes and memory to spare.',
        cause,
      )
    : keySourceInvalid(source, `cannot be started (${code})`, 'Name a program that exists and that this user may run.', cause);
}

/** Ends what is still running, with all that it started, and what it might still print. */
function end(child: KeyProcess): void {
  child.stdout.destroy();
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.unref();
  // Its number is still its own: it was not seen to end.
  if (process.platform === 'win32' || !killGroup(child.pid)) child.kill('SIGKILL');
}

function killGroup(processId: number): boolean {
  try {
    return process.kill(-processId, 'SIGKILL');
  } catch {
    // It ended just now, or made itself another group: then it is ended alone.
    return false;
  }
}
