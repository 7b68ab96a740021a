import { OutputRecorder } from './output-recorder.ts';
import type { SandboxMachine } from './sandbox-machine.ts';
import type { ProcessEnd, SupervisedProcess } from './supervised-process.ts';

/** A command line, and where it runs. */
export interface CommandOrder {
  readonly command: string;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** What became of a command. */
export interface CommandOutcome {
  readonly end: ProcessEnd;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTimedOut: boolean;
}

/** A command that runs. */
export interface RunningCommand {
  readonly process: SupervisedProcess;
  readonly outcome: Promise<CommandOutcome>;
}

/** Starts a command line. It has ended when its shell has: processes that it left in the background go on. */
export async function startCommand(machine: SandboxMachine, order: CommandOrder): Promise<RunningCommand> {
  const recorder = new OutputRecorder();
  const { promise: ended, resolve: reportEnd } = deferred<ProcessEnd>();
  const process = await machine.startProcess(
    {
      argv: ['/bin/sh', '-c', order.command],
      workingFolder: order.workingFolder,
      environment: order.environment,
      hasChannel: false,
    },
    {
      onOutput: (stream, chunk) => recorder.add(stream, chunk),
      onReport: () => undefined,
      onEnd: reportEnd,
    },
  );
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    process.kill('SIGKILL');
  }, order.timeoutMs);
  const outcome = ended.then((end) => {
    clearTimeout(timer);
    return { end, stdout: recorder.text('stdout'), stderr: recorder.text('stderr'), isTimedOut };
  });
  return { process, outcome };
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
