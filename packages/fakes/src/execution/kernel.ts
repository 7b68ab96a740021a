import { z } from 'zod';
import { readGuestProgram } from './guest-program.ts';
import { OutputRecorder, type OutputPiece } from './output-recorder.ts';
import type { SandboxMachine } from './sandbox-machine.ts';
import type { SupervisedProcess } from './supervised-process.ts';

/** How long code has to end by itself after it was interrupted. */
const INTERRUPT_GRACE_MS = 1_000;

export type KernelLanguage = 'python' | 'javascript';

const reportSchema = z.object({
  status: z.enum(['ok', 'error']),
  result: z.string().nullable(),
  error: z.object({ name: z.string(), value: z.string(), traceback: z.string() }).nullable(),
  count: z.number(),
});
type KernelReport = z.output<typeof reportSchema>;

/** What an error of code says. */
export type KernelError = NonNullable<KernelReport['error']>;

/** What became of one piece of code. */
export interface KernelOutcome {
  /** `timeout` when its time had passed, `died` when the interpreter ended with it. */
  readonly status: 'ok' | 'error' | 'timeout' | 'died';
  readonly output: readonly OutputPiece[];
  /** The value that the code ends with, as the language writes it. */
  readonly result: string | undefined;
  readonly error: KernelError | undefined;
  readonly executionCount: number;
}

/** Where an interpreter runs. */
export interface KernelPlace {
  readonly language: KernelLanguage;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The process of an interpreter. It may end before anybody has its handle. */
interface Interpreter {
  handle: SupervisedProcess | undefined;
  hasEnded: boolean;
}

interface RunningCode {
  readonly recorder: OutputRecorder;
  settle(outcome: KernelReport | 'died'): void;
}

/** An interpreter that runs one piece of code after the other in one scope. One that died is started anew for the next piece. */
export class Kernel {
  readonly #machine: SandboxMachine;
  readonly #place: KernelPlace;
  #interpreter: Interpreter | undefined;
  #running: RunningCode | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(machine: SandboxMachine, place: KernelPlace) {
    this.#machine = machine;
    this.#place = place;
  }

  /** Starts the interpreter ahead of the first piece of code. */
  start(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#ensureInterpreter();
    });
  }

  /** Runs code after whatever runs before it. `onStart` is told when its turn has come. */
  execute(code: string, timeoutMs: number, onStart: () => void): Promise<KernelOutcome> {
    return this.#enqueue(() => this.#execute(code, timeoutMs, onStart));
  }

  /** Ends the interpreter and what it left in its process group. */
  end(): void {
    this.#interpreter?.handle?.kill('SIGKILL');
  }

  #enqueue<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#queue.then(work, work);
    // Who waits in the queue does not care how the one before him went; who ordered it is told.
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #execute(code: string, timeoutMs: number, onStart: () => void): Promise<KernelOutcome> {
    const interpreter = await this.#ensureInterpreter();
    const recorder = new OutputRecorder();
    let isTimedOut = false;
    const timers = [
      setTimeout(() => {
        isTimedOut = true;
        interpreter.handle?.kill('SIGINT');
      }, timeoutMs),
      setTimeout(() => interpreter.handle?.kill('SIGKILL'), timeoutMs + INTERRUPT_GRACE_MS),
    ];
    const report = await new Promise<KernelReport | 'died'>((resolve) => {
      this.#running = { recorder, settle: resolve };
      onStart();
      if (interpreter.hasEnded) resolve('died');
      else interpreter.handle?.send(JSON.stringify({ code }));
    });
    this.#running = undefined;
    for (const timer of timers) clearTimeout(timer);
    const output = recorder.finish();
    if (report === 'died')
      return { status: isTimedOut ? 'timeout' : 'died', output, result: undefined, error: undefined, executionCount: 0 };
    return {
      status: isTimedOut ? 'timeout' : report.status,
      output,
      result: report.result ?? undefined,
      error: report.error ?? undefined,
      executionCount: report.count,
    };
  }

  async #ensureInterpreter(): Promise<Interpreter> {
    if (this.#interpreter?.hasEnded === false) return this.#interpreter;
    const interpreter: Interpreter = { handle: undefined, hasEnded: false };
    interpreter.handle = await this.#machine.startProcess(
      {
        argv: this.#argv(),
        workingFolder: this.#place.workingFolder,
        environment: this.#place.environment,
        hasChannel: true,
      },
      {
        // Output that comes while no code runs is in no answer.
        onOutput: (stream, chunk) => this.#running?.recorder.add(stream, chunk),
        onReport: (line) => this.#running?.settle(reportSchema.parse(JSON.parse(line))),
        onEnd: () => {
          interpreter.hasEnded = true;
          this.#running?.settle('died');
        },
      },
    );
    this.#interpreter = interpreter;
    return interpreter;
  }

  #argv(): string[] {
    const { pythonPath, nodePath } = this.#machine.interpreters;
    return this.#place.language === 'python'
      ? [pythonPath, '-c', readGuestProgram('python_kernel.py')]
      : [nodePath, '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', readGuestProgram('javascript-kernel.mjs')];
  }
}
