import type { DataClient } from '../data/data-client.ts';
import { aliyunError } from '../aliyun-errors.ts';

/** A program of ours and its arguments, to be run in the sandbox. */
export interface CarriedProgram {
  /** Path of the Python that runs it. @default the one that is found first */
  readonly executable?: string | undefined;
  /** Words after `-I`, which lets nothing in the environment or the current folder take part. */
  readonly argv: readonly string[];
  /** How long it may take there, in seconds: at most 30. */
  readonly seconds: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Runs programs of ours in a sandbox and gives their standard output. It repeats nothing. */
export interface GuestCarrier {
  /** Another one may be begun while one runs. */
  readonly isConcurrent: boolean;
  run(program: CarriedProgram): Promise<string>;
}

/** Where everything begins in a sandbox of the image `sandbox-code-interpreter`. */
export const HOME_FOLDER = '/home/user';

/** The longest that a command and an execution may take: documentation of AgentRun, enforced by the gateway of the data plane. */
export const LONGEST_CALL_SECONDS = 30;

/** Through the service's commands: several at a time, each a process of its own. */
export class CommandCarrier implements GuestCarrier {
  readonly isConcurrent = true;
  readonly #client: DataClient;
  readonly #sandboxId: string;

  constructor(client: DataClient, sandboxId: string) {
    this.#client = client;
    this.#sandboxId = sandboxId;
  }

  async run({ executable = 'python3', argv, seconds, signal, timeoutMs }: CarriedProgram): Promise<string> {
    const command = [executable, '-I', ...argv].map(quoteWord).join(' ');
    const { stdout } = await this.#client.runCommand(this.#sandboxId, command, HOME_FOLDER, seconds, { signal, timeoutMs });
    return stdout ?? '';
  }
}

/** Through a Python context of the service's, which does one thing at a time. */
export class KernelCarrier implements GuestCarrier {
  readonly isConcurrent = false;
  readonly #client: DataClient;
  readonly #sandboxId: string;
  #contextId: string | undefined;

  constructor(client: DataClient, sandboxId: string) {
    this.#client = client;
    this.#sandboxId = sandboxId;
  }

  async run({ executable, argv, seconds, signal, timeoutMs }: CarriedProgram): Promise<string> {
    this.#contextId ??= await this.#client.createContext(this.#sandboxId, 'python', HOME_FOLDER, { signal, timeoutMs });
    const words = ['-I', ...argv].map((word) => JSON.stringify(word)).join(', ');
    const program = executable === undefined ? 'sys.executable' : JSON.stringify(executable);
    const call = `subprocess.run([${program}, ${words}], stdin=subprocess.DEVNULL, capture_output=True, text=True)`;
    const code = `import subprocess, sys\nprint(${call}.stdout)\n`;
    const { stdout } = await this.#client.executeCode(this.#sandboxId, this.#contextId, code, seconds, { signal, timeoutMs });
    // Whether pieces are cut at line ends is not documented: what we print has marks of its own at both ends.
    return stdout.join('');
  }
}

/** Commands are those of a shell (documentation of AgentRun). All of our words are our own texts, paths that were checked, or base64: none has an apostrophe. */
function quoteWord(word: string): string {
  if (/^[A-Za-z0-9@._/=-]+$/.test(word)) return word;
  if (!word.includes("'")) return `'${word}'`;
  throw aliyunError('INTERNAL', 'run command', 'A word of a command has an apostrophe.');
}
