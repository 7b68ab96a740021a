import type { ProcessEnd, ProcessListener, SupervisedProcess } from '../../execution/supervised-process.ts';
import { PieceQueue } from './piece-queue.ts';

/** Largest piece of output in one event, as the daemon reads it. */
const CHUNK_BYTES = 32 * 1024;

/** What the daemon was told to start. */
export interface ProcessConfig {
  readonly cmd: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly envs: Readonly<Record<string, string>>;
}

/** How a process ended, as the daemon writes it. */
export interface ProcessEndEvent {
  /** -1 when it was a signal. */
  readonly exitCode: number;
  readonly exited: boolean;
  readonly status: string;
  readonly error?: string;
}

/** What happens to a process, for whoever is attached. */
export type ProcessPiece =
  | { readonly stream: 'stdout' | 'stderr'; readonly chunk: Buffer }
  | { readonly end: ProcessEndEvent }
  | { readonly isOverdue: true };

/** Names that the language of the daemon has for signals. */
const signalNames: Readonly<Record<string, string>> = {
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGQUIT: 'quit',
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGPIPE: 'broken pipe',
  SIGTERM: 'terminated',
};

function describeEnd({ exitCode, signal }: ProcessEnd): ProcessEndEvent {
  if (exitCode !== null) {
    const status = `exit status ${exitCode}`;
    return { exitCode, exited: true, status, ...(exitCode === 0 ? {} : { error: status }) };
  }
  const status = `signal: ${signalNames[signal ?? ''] ?? signal ?? 'killed'}`;
  return { exitCode: -1, exited: false, status, error: status };
}

/** A process of the daemon. Who is not attached when it writes something never sees it. */
export class EnvdProcess implements ProcessListener {
  readonly config: ProcessConfig;
  readonly tag: string | undefined;
  /** Whether its standard input is open. */
  hasInput: boolean;
  /** When it ended, by the clock of this process. */
  endedAtMs: number | undefined;
  readonly ended: Promise<void>;
  #reportEnd: () => void = () => undefined;
  #end: ProcessEndEvent | undefined;
  #handle: SupervisedProcess | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #isSignalled = false;
  readonly #readers = new Set<PieceQueue<ProcessPiece>>();

  constructor(config: ProcessConfig, tag: string | undefined, hasInput: boolean) {
    this.config = config;
    this.tag = tag;
    this.hasInput = hasInput;
    this.ended = new Promise((resolve) => {
      this.#reportEnd = resolve;
    });
  }

  /** It was started. `timeoutMs` bounds its whole life. */
  begin(handle: SupervisedProcess, timeoutMs: number | undefined): void {
    this.#handle = handle;
    if (timeoutMs !== undefined && this.#end === undefined) this.#deadline = setTimeout(() => this.#expire(), timeoutMs);
  }

  get pid(): number {
    return this.#handle?.processId ?? 0;
  }

  get isRunning(): boolean {
    return this.#end === undefined;
  }

  /** Follows it from now on. Of one that has ended, the end can still be read. */
  attach(): PieceQueue<ProcessPiece> {
    const queue = new PieceQueue<ProcessPiece>(() => this.#balance());
    if (this.#end === undefined) this.#readers.add(queue);
    else {
      queue.push({ end: this.#end });
      queue.close();
    }
    return queue;
  }

  detach(queue: PieceQueue<ProcessPiece>): void {
    this.#readers.delete(queue);
    queue.discard();
    this.#balance();
  }

  write(data: Buffer): void {
    this.#handle?.write(data);
  }

  closeInput(): void {
    this.hasInput = false;
    this.#handle?.closeInput();
  }

  /** Signals the process alone: what it started goes on. From now on the daemon reads no output of it, and waits for its exit only. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#isSignalled = true;
    this.#handle?.endAtExit();
    this.#handle?.kill(signal, 'process');
  }

  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    if (this.#isSignalled) return;
    for (let start = 0; start < chunk.length; start += CHUNK_BYTES) {
      const piece = chunk.subarray(start, start + CHUNK_BYTES);
      for (const reader of this.#readers) reader.push({ stream, chunk: piece }, piece.length);
    }
  }

  onReport(): void {
    // It has no channel to report on.
  }

  onEnd(end: ProcessEnd): void {
    this.#finish(describeEnd(end));
  }

  #expire(): void {
    for (const reader of this.#readers) reader.push({ isOverdue: true });
    this.kill('SIGKILL');
    // What it started may hold its output open: the daemon does not wait for that when the time is over.
    this.#finish(describeEnd({ exitCode: null, signal: 'SIGKILL' }));
  }

  #finish(end: ProcessEndEvent): void {
    if (this.#end !== undefined) return;
    clearTimeout(this.#deadline);
    this.#end = end;
    this.endedAtMs = performance.now();
    for (const reader of this.#readers) {
      reader.push({ end });
      reader.close();
    }
    this.#readers.clear();
    this.#reportEnd();
  }

  /** Lets it wait while one of its readers is behind, as a pipe does. */
  #balance(): void {
    this.#handle?.hold([...this.#readers].some(({ isHigh }) => isHigh));
  }
}
