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
  /** Signals the process and those of its group. */
  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
}
