import { Buffer } from 'node:buffer';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { codeText, deferred, RemoteFailure, systemCodeOf, type Deferred } from '@sandport/provider-kit';

const PROGRAM = fileURLToPath(new URL('../../guest/local_sandbox.py', import.meta.url));

type SandboxProcess = ChildProcessByStdio<Writable, Readable, null>;

/** A folder of this machine, and a process that runs programs in it. When that ends, by itself or with this program, everything that it started ends with it. */
export class LocalSandbox {
  /** Settles when the process has ended and its folder is gone. */
  readonly ended: Promise<void>;
  readonly #process: SandboxProcess;
  readonly #waiting = new Map<string, Deferred<string>>();
  #count = 0;

  private constructor(process: SandboxProcess, folder: string, lifeMs: number) {
    this.#process = process;
    const timer = setTimeout(() => process.stdin.end(), lifeMs).unref();
    // A sandbox that nobody uses keeps no program alive: the deadline of a call does.
    process.unref();
    for (const stream of [process.stdin, process.stdout]) if (stream instanceof Socket) stream.unref();
    // Whoever does not read has ended, and its end is told.
    process.stdin.on('error', () => undefined);
    createInterface(process.stdout).on('line', (line) => this.#take(line));
    this.ended = once(process, 'exit').then(async () => {
      clearTimeout(timer);
      for (const call of this.#waiting.values()) call.reject(gone());
      this.#waiting.clear();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    });
  }

  /** @throws RemoteFailure when there is no such Python. */
  static async open(pythonPath: string, lifeMs: number): Promise<LocalSandbox> {
    const folder = await mkdtemp(join(tmpdir(), 'new-cloud-'));
    try {
      // Programs have a user of their own where that can be chosen. They pass through, and see no names.
      await chmod(folder, 0o711);
      const environment = { PATH: process.env['PATH'], LANG: 'C.UTF-8', TMPDIR: folder, HOME: folder };
      const started = spawn(pythonPath, ['-I', '-S', PROGRAM], { cwd: folder, env: environment, stdio: ['pipe', 'pipe', 'ignore'] });
      await once(started, 'spawn');
      return new LocalSandbox(started, folder, lifeMs);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw new RemoteFailure({ action: 'CreateSandbox', kind: 'unreachable', code: systemCodeOf(error) }, 'this machine');
    }
  }

  /** Runs a program and gives what it printed. One that is given up goes on until it ends by itself or with the sandbox. */
  async run(program: Uint8Array, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) throw gone();
    this.#count += 1;
    const number = String(this.#count);
    const answer = deferred<string>();
    this.#waiting.set(number, answer);
    const onAbort = (): void => answer.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#process.stdin.write(`${number} ${Buffer.from(program).toString('base64')}\n`);
    try {
      return await answer.promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#waiting.delete(number);
    }
  }

  /** Ends it and everything in it. */
  async end(): Promise<void> {
    this.#process.stdin.end();
    await this.ended;
  }

  #take(line: string): void {
    const [number = '', exitCode = '', output = ''] = line.split(' ');
    const call = this.#waiting.get(number);
    if (exitCode === '0') call?.resolve(Buffer.from(output, 'base64').toString('utf8'));
    else call?.reject(new RemoteFailure({ action: 'RunPython', kind: 'refused', code: codeText(`EXIT_${exitCode}`) }, 'this machine'));
  }
}

function gone(): RemoteFailure {
  return new RemoteFailure({ action: 'RunPython', kind: 'refused', status: 404 }, 'this machine');
}
