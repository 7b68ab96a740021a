/** How a process ended: by itself, or by a signal. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** What to start. */
export interface ProcessOrder {
  readonly argv: readonly string[];
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it speaks with its parent in lines; the descriptors for them become its last two arguments. */
  readonly hasChannel: boolean;
  /** Whether it can be written to; otherwise its standard input is empty. @default false */
  readonly hasInput?: boolean;
  /** When its end is told: as soon as it has exited, or only when nobody, of those it started either, can write its output any more. @default exit */
  readonly end?: 'exit' | 'outputs-closed';
}

/** Who is told what a process does. Everything it wrote before a report or before its end is told before it. */
export interface ProcessListener {
  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  onReport(line: string): void;
  onEnd(end: ProcessEnd): void;
}

/** A process that was started in a sandbox. */
export interface SupervisedProcess {
  readonly processId: number;
  send(line: string): void;
  /** Writes to its standard input, if it has one. */
  write(data: Buffer): void;
  /** Ends its standard input, behind what was written. */
  closeInput(): void;
  /** Has its end told when it has exited, or at once when it has, whoever may still write its output. */
  endAtExit(): void;
  /** Leaves its output in its pipes, so that it waits when they are full; or takes it again. */
  hold(isHeld: boolean): void;
  /** Signals the process and those of its group, or it alone. @default group */
  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL', scope?: 'group' | 'process'): void;
}
