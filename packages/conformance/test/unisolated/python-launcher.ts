import { Buffer } from 'node:buffer';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { guestFileUrl } from '@sandport/provider-kit';
import type { ProgramExit, ProgramHandle, ProgramPlace } from './program-handle.ts';

const STREAMS = ['stdin', 'stdout', 'stderr', 'job', 'report'] as const;

/** A program of which not everything has arrived yet. */
interface Arrival {
  pid?: number;
  readonly streams: Map<string, Socket>;
  readonly exited: Promise<ProgramExit>;
  readonly end: (exit: ProgramExit) => void;
  readonly complete: (handle: ProgramHandle) => void;
}

/** Starts Python programs by forking one process that has imported the runner: ten times faster than a new interpreter. */
export class PythonLauncher {
  readonly #folder: string;
  readonly #server: Server;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #arrivals = new Map<string, Arrival>();
  readonly #running = new Map<number, Arrival>();

  private constructor(folder: string, server: Server, interpreter: string, socketPath: string) {
    this.#folder = folder;
    this.#server = server;
    const launcher = fileURLToPath(new URL('./python-launcher.py', import.meta.url));
    const parameters = ['-S', '-X', 'utf8', launcher, fileURLToPath(guestFileUrl('.')), socketPath];
    this.#process = spawn(interpreter, parameters, { env: { LANG: 'C.UTF-8' }, stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface(this.#process.stdout).on('line', (line) => this.#takeEvent(line));
    server.on('connection', (socket) => this.#takeConnection(socket));
  }

  static async open(interpreter: string): Promise<PythonLauncher> {
    const folder = await mkdtemp(join(tmpdir(), 'sandport-launcher-'));
    const socketPath = join(folder, 'socket');
    const server = createServer();
    server.listen(socketPath);
    await once(server, 'listening');
    return new PythonLauncher(folder, server, interpreter, socketPath);
  }

  async start(place: ProgramPlace): Promise<ProgramHandle> {
    const id = crypto.randomUUID();
    const handle = new Promise<ProgramHandle>((complete) => {
      let end: Arrival['end'] | undefined;
      const exited = new Promise<ProgramExit>((resolve) => {
        end = resolve;
      });
      if (end !== undefined) this.#arrivals.set(id, { streams: new Map(), exited, end, complete });
    });
    this.#process.stdin.write(`${JSON.stringify({ id, ...place })}\n`);
    return handle;
  }

  async close(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.stdin.end();
    this.#server.close();
    await exited;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** `started PID ID`, `exited PID CODE` or `killed PID SIGNAL`. */
  #takeEvent(line: string): void {
    const [event, number, detail = ''] = line.split(' ');
    const pid = Number(number);
    if (event === 'started') {
      const arrival = this.#arrivals.get(detail);
      if (arrival === undefined) return;
      arrival.pid = pid;
      this.#running.set(pid, arrival);
      this.#completeArrival(detail);
    } else {
      const exit = event === 'exited' ? { exitCode: Number(detail), signal: null } : { exitCode: null, signal: detail };
      this.#running.get(pid)?.end(exit);
      this.#running.delete(pid);
    }
  }

  /** Every stream is a connection that begins with a line: whose it is, and which. */
  #takeConnection(socket: Socket): void {
    let header = Buffer.alloc(0);
    const read = (piece: Buffer) => {
      header = Buffer.concat([header, piece]);
      const end = header.indexOf('\n');
      if (end < 0) return;
      socket.off('data', read).pause();
      if (end + 1 < header.length) socket.unshift(header.subarray(end + 1));
      const [id = '', name = ''] = header.toString('latin1', 0, end).split(' ');
      this.#arrivals.get(id)?.streams.set(name, socket);
      this.#completeArrival(id);
    };
    socket.on('data', read);
  }

  #completeArrival(id: string): void {
    const arrival = this.#arrivals.get(id);
    if (arrival?.pid === undefined) return;
    const [stdin, stdout, stderr, job, report] = STREAMS.map((name) => arrival.streams.get(name));
    if (stdin === undefined || stdout === undefined || stderr === undefined || job === undefined || report === undefined) return;
    this.#arrivals.delete(id);
    // Read to its end, or the end of the program would not show here.
    stdin.resume();
    arrival.complete({ pid: arrival.pid, exited: arrival.exited, stdin, stdout, stderr, job, report });
  }
}
