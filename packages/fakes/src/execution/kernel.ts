import { z } from 'zod';
import { readGuestProgram } from './guest-program.ts';
import { LiveOutput, OutputRecorder, type OutputPiece } from './output-recorder.ts';
import type { SandboxMachine } from './sandbox-machine.ts';
import type { SupervisedProcess } from './supervised-process.ts';

/** How long code has to end by itself after it was interrupted. */
const INTERRUPT_GRACE_MS = 1_000;

export type KernelLanguage = 'python' | 'javascript';

/** What is to be shown, by the MIME types of its forms. */
export type DisplayBundle = Readonly<Record<string, unknown>>;

const bundleSchema = z.record(z.string(), z.unknown());
const displaySchema = z.object({ display: bundleSchema });
const reportSchema = z.object({
  status: z.enum(['ok', 'error']),
  result: z.string().nullable(),
  error: z.object({ name: z.string(), value: z.string(), traceback: z.string() }).nullable(),
  count: z.number(),
  bundle: bundleSchema.nullish(),
});
/** Code begins: from now on it can be interrupted. */
const beginningSchema = z.object({ begun: z.literal(true) });
const messageSchema = z.union([beginningSchema, displaySchema, reportSchema]);
type KernelReport = z.output<typeof reportSchema>;

/** What an error of code says. */
export type KernelError = NonNullable<KernelReport['error']>;

/** A piece of code, and who is told what it does. */
export interface CodeOrder {
  readonly code: string;
  /** When it is interrupted. @default never */
  readonly timeoutMs?: number;
  /** Variables of the environment that it has beside those of its interpreter. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Interrupts it, or takes it out of the queue. */
  readonly signal?: AbortSignal;
  /** Its turn has come. The count is that of this interpreter, and begins with 1. */
  onStart(executionCount: number): void;
  /** Is told what it writes, as it comes; then the outcome has no output. */
  readonly onOutput?: (piece: OutputPiece) => void;
  /** Is told what it shows before it ends. */
  readonly onDisplay?: (bundle: DisplayBundle) => void;
}

/** What became of one piece of code. */
export interface KernelOutcome {
  /** `timeout` when its time had passed, `died` when the interpreter ended with it, `cancelled` when it was taken out of the queue. */
  readonly status: 'ok' | 'error' | 'timeout' | 'died' | 'cancelled';
  readonly output: readonly OutputPiece[];
  /** The forms of the value that the code ends with, where the language has any. */
  readonly bundle: DisplayBundle | undefined;
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
  executionCount: number;
}

interface RunningCode {
  readonly recorder: OutputRecorder | LiveOutput;
  readonly onDisplay: CodeOrder['onDisplay'];
  readonly onBegun: () => void;
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

  /** Runs code after whatever runs before it. */
  execute(order: CodeOrder): Promise<KernelOutcome> {
    return this.#enqueue(() => this.#execute(order));
  }

  /** Ends the interpreter and what it left in its process group. */
  end(): void {
    this.#interpreter?.handle?.kill('SIGKILL');
  }

  /** Leaves the interpreter's output where it is, so that it waits; or takes it again. */
  hold(isHeld: boolean): void {
    this.#interpreter?.handle?.hold(isHeld);
  }

  #enqueue<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#queue.then(work, work);
    // Who waits in the queue does not care how the one before him went; who ordered it is told.
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #execute(order: CodeOrder): Promise<KernelOutcome> {
    const { timeoutMs, signal } = order;
    if (signal?.aborted === true) return withoutReport('cancelled', []);
    const interpreter = await this.#ensureInterpreter();
    const recorder = order.onOutput === undefined ? new OutputRecorder() : new LiveOutput(order.onOutput);
    let isTimedOut = false;
    let [hasBegun, isToBeInterrupted] = [false, false];
    const interrupt = (): void => {
      isToBeInterrupted = true;
      if (hasBegun) interpreter.handle?.kill('SIGINT');
    };
    const onBegun = (): void => {
      hasBegun = true;
      if (isToBeInterrupted) interrupt();
    };
    const stop = (): void => {
      isTimedOut = true;
      interrupt();
    };
    const timers =
      timeoutMs === undefined
        ? []
        : [setTimeout(stop, timeoutMs), setTimeout(() => interpreter.handle?.kill('SIGKILL'), timeoutMs + INTERRUPT_GRACE_MS)];
    const report = await new Promise<KernelReport | 'died'>((resolve) => {
      this.#running = { recorder, onDisplay: order.onDisplay, onBegun, settle: resolve };
      interpreter.executionCount += 1;
      order.onStart(interpreter.executionCount);
      if (interpreter.hasEnded) {
        resolve('died');
        return;
      }
      const { code, environment } = order;
      interpreter.handle?.send(JSON.stringify({ code, environment, live: order.onOutput !== undefined }));
      if (signal?.aborted === true) interrupt();
      else signal?.addEventListener('abort', interrupt);
    });
    signal?.removeEventListener('abort', interrupt);
    this.#running = undefined;
    for (const timer of timers) clearTimeout(timer);
    const output = recorder.finish();
    if (report === 'died') return withoutReport(isTimedOut ? 'timeout' : 'died', output);
    return {
      status: isTimedOut ? 'timeout' : report.status,
      output,
      result: report.result ?? undefined,
      bundle: report.bundle ?? undefined,
      error: report.error ?? undefined,
      executionCount: report.count,
    };
  }

  #receive(message: z.output<typeof messageSchema>): void {
    if ('begun' in message) this.#running?.onBegun();
    else if ('display' in message) this.#running?.onDisplay?.(message.display);
    else this.#running?.settle(message);
  }

  async #ensureInterpreter(): Promise<Interpreter> {
    if (this.#interpreter?.hasEnded === false) return this.#interpreter;
    const interpreter: Interpreter = { handle: undefined, hasEnded: false, executionCount: 0 };
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
        onReport: (line) => this.#receive(messageSchema.parse(JSON.parse(line))),
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

function withoutReport(status: KernelOutcome['status'], output: readonly OutputPiece[]): KernelOutcome {
  return { status, output, result: undefined, bundle: undefined, error: undefined, executionCount: 0 };
}
