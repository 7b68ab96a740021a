import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import { readGuestProgram } from './guest-program.ts';
import type { Interpreters } from './interpreters.ts';
import type { ProcessEnd, ProcessListener, ProcessOrder, SupervisedProcess } from './supervised-process.ts';

const START_MS = 20_000;
/** How long the supervisor may take for killing everything and removing the files. */
const END_MS = 5_000;

/** Namespaces of its own for mounts and processes: with the first process, all others of them end. */
const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** The modules of the supervisor, each after those that it needs. The last one is the program. */
const SUPERVISOR_MODULES = ['process_tree', 'sandbox_mounts', 'supervised_process', 'supervisor'];

/** The modules come on a descriptor: on the command line, `pkill -f` would find their words. */
const SUPERVISOR_LOADER = `
import json, sys, types
for name, text in json.load(open(3, encoding="utf-8")).items():
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)
`;

/** What is written to a process goes in orders of at most so many bytes: the supervisor reads them between others. */
const INPUT_BYTES = 48 * 1024;

const eventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready') }),
  z.object({ event: z.literal('started'), id: z.number(), pid: z.number() }),
  z.object({ event: z.literal('failed'), id: z.number(), message: z.string() }),
  z.object({ event: z.literal('output'), id: z.number(), stream: z.enum(['stdout', 'stderr']), data: z.string() }),
  z.object({ event: z.literal('report'), id: z.number(), line: z.string() }),
  z.object({ event: z.literal('exited'), id: z.number(), exitCode: z.number().nullable(), signal: z.string().nullable() }),
]);
type SupervisorEvent = z.output<typeof eventSchema>;

/** How the files of a sandbox appear to its programs, and what is put before the supervisor for it. */
export interface MachineKind {
  readonly fileSystem: 'mounted' | 'mapped';
  readonly prefix: readonly string[];
}

/** From the most that there can be to the least. */
const MACHINE_KINDS: readonly MachineKind[] = [
  { fileSystem: 'mounted', prefix: ['unshare', ...NAMESPACES] },
  { fileSystem: 'mounted', prefix: ['unshare', '--user', '--map-root-user', ...NAMESPACES] },
  { fileSystem: 'mapped', prefix: [] },
];

interface PendingProcess {
  readonly listener: ProcessListener;
  started(process: SupervisedProcess): void;
  failed(error: Error): void;
}

/** What stands for one sandbox on the host: a folder, and a supervisor below which all its processes live. */
export class SandboxMachine {
  readonly kind: MachineKind;
  /** Folder of the host that holds `home/user` and `tmp` of the sandbox. */
  readonly rootFolder: string;
  readonly interpreters: Interpreters;
  readonly #supervisor: ChildProcess;
  readonly #orders: Writable;
  readonly #processes = new Map<number, PendingProcess>();
  readonly #ready: Promise<void>;
  #reportReady: (error?: Error) => void = () => undefined;
  #lastId = 0;
  #ending: Promise<void> | undefined;
  #isOver = false;
  readonly #ended: Promise<void>;

  private constructor(kind: MachineKind, rootFolder: string, interpreters: Interpreters) {
    this.kind = kind;
    this.rootFolder = rootFolder;
    this.interpreters = interpreters;
    const argv = [...kind.prefix, interpreters.pythonPath, '-I', '-c', SUPERVISOR_LOADER];
    const supervisor = spawn(argv[0] ?? '', argv.slice(1), {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '' },
      detached: true,
    });
    this.#supervisor = supervisor;
    this.#orders = supervisor.stdin;
    const program = supervisor.stdio[3] as Writable;
    // Where it could not be started, that is said by the process's own event.
    program.on('error', () => undefined);
    program.end(JSON.stringify(Object.fromEntries(SUPERVISOR_MODULES.map((name) => [name, readGuestProgram(`${name}.py`)]))));
    let complaints = '';
    supervisor.stderr.on('data', (chunk: Buffer) => (complaints = `${complaints}${chunk.toString()}`.slice(-2_000)));
    this.#ready = new Promise((resolve, reject) => {
      this.#reportReady = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.#ended = new Promise((resolve) => {
      const leave = (error?: Error): void => {
        this.#isOver = true;
        this.#leaveProcesses();
        this.#reportReady(new Error(`The supervisor of a sandbox ended. ${complaints}`.trim(), { cause: error }));
        resolve();
      };
      supervisor.once('error', leave);
      supervisor.once('close', () => leave());
    });
    // An end of the supervisor is noticed where it closes; what is written to it then has nobody to be for.
    this.#orders.on('error', () => this.#supervisor.kill('SIGKILL'));
    createInterface({ input: supervisor.stdout }).on('line', (line) => this.#dispatch(eventSchema.parse(JSON.parse(line))));
    this.#write({ root: rootFolder, namespaces: kind.fileSystem === 'mounted', kept: interpreters.keptPaths });
  }

  /** Makes a folder and starts its supervisor. Leaves nothing behind where that fails. */
  static async start(kind: MachineKind, interpreters: Interpreters): Promise<SandboxMachine> {
    const rootFolder = await mkdtemp(join(await realpath(tmpdir()), 'sandport-fake-'));
    await mkdir(join(rootFolder, 'home', 'user'), { recursive: true });
    await mkdir(join(rootFolder, 'tmp'));
    const machine = new SandboxMachine(kind, rootFolder, interpreters);
    const timer = setTimeout(() => machine.#supervisor.kill('SIGKILL'), START_MS);
    try {
      await machine.#ready;
      return machine;
    } catch (error) {
      await machine.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Starts a process. Fails when it cannot be started, and when the machine has ended. */
  startProcess(order: ProcessOrder, listener: ProcessListener): Promise<SupervisedProcess> {
    if (this.#ending !== undefined || this.#isOver) return Promise.reject(new Error('The sandbox has ended'));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#processes.set(id, { listener, started: resolve, failed: reject });
      this.#write({
        order: 'start',
        id,
        argv: order.argv,
        cwd: order.workingFolder,
        env: order.environment,
        channel: order.hasChannel,
        input: order.hasInput ?? false,
        end: order.end ?? 'exit',
      });
    });
  }

  /** Stops every process where it is, or lets them go on. */
  setPaused(isPaused: boolean): void {
    this.#write({ order: 'signal_all', signal: isPaused ? 'SIGSTOP' : 'SIGCONT' });
  }

  /** Kills every process. The sandbox and its files stay. */
  killAll(): void {
    this.#write({ order: 'signal_all', signal: 'SIGKILL' });
  }

  /** Kills everything that was ever started here and removes the files. May be called again. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const timer = setTimeout(() => this.#supervisor.kill('SIGKILL'), END_MS);
    this.#orders.end();
    await this.#ended;
    clearTimeout(timer);
    await rm(this.rootFolder, { recursive: true, force: true, maxRetries: 3 });
  }

  #dispatch(event: SupervisorEvent): void {
    if (event.event === 'ready') {
      this.#reportReady();
      return;
    }
    const pending = this.#processes.get(event.id);
    if (pending === undefined) return;
    if (event.event === 'started') pending.started(this.#handle(event.id, event.pid));
    else if (event.event === 'output') pending.listener.onOutput(event.stream, Buffer.from(event.data, 'base64'));
    else if (event.event === 'report') pending.listener.onReport(event.line);
    else {
      this.#processes.delete(event.id);
      if (event.event === 'failed') pending.failed(new Error(event.message));
      else pending.listener.onEnd({ exitCode: event.exitCode, signal: event.signal });
    }
  }

  #handle(id: number, processId: number): SupervisedProcess {
    return {
      processId,
      send: (line) => this.#write({ order: 'send', id, line }),
      write: (data) => {
        for (let start = 0; start < data.length; start += INPUT_BYTES)
          this.#write({ order: 'write', id, data: data.subarray(start, start + INPUT_BYTES).toString('base64') });
      },
      closeInput: () => this.#write({ order: 'close_input', id }),
      endAtExit: () => this.#write({ order: 'end_at_exit', id }),
      hold: (isHeld) => this.#write({ order: 'hold', id, held: isHeld }),
      kill: (signal, scope = 'group') => this.#write({ order: 'kill', id, signal, scope }),
    };
  }

  #leaveProcesses(): void {
    const end: ProcessEnd = { exitCode: null, signal: 'SIGKILL' };
    for (const pending of this.#processes.values()) {
      pending.failed(new Error('The sandbox has ended'));
      pending.listener.onEnd(end);
    }
    this.#processes.clear();
  }

  #write(order: object): void {
    if (this.#orders.writable) this.#orders.write(`${JSON.stringify(order)}\n`);
  }
}

/** Finds the first way of making machines that works here. */
export async function findMachineKind(wanted: 'auto' | 'mounted' | 'mapped', interpreters: Interpreters): Promise<MachineKind> {
  const problems: unknown[] = [];
  for (const kind of MACHINE_KINDS.filter(({ fileSystem }) => wanted === 'auto' || wanted === fileSystem)) {
    try {
      const machine = await SandboxMachine.start(kind, interpreters);
      await machine.end();
      return kind;
    } catch (error) {
      problems.push(error);
    }
  }
  throw new AggregateError(problems, 'No sandbox can be made on this machine: the errors say why');
}
