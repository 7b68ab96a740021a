import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { JsonObject, Language } from '@sandport/core';
import { onTestFinished } from 'vitest';
import { guestFileUrl } from '../../src/runner/guest-files.ts';
import { encodeRunnerJob, parseRunnerReport, RUNNER_INTERRUPT, type RunnerReport } from '../../src/runner/runner-report.ts';
import { RUNNER_COMMANDS } from './run-program.ts';

/** What a test asks a cell for. */
export interface CellInput {
  readonly arguments?: JsonObject;
  readonly environment?: Readonly<Record<string, string>>;
  readonly valueBytes?: number;
}

export type ContextRunner = Language | 'forked-python';

const HEADER_BYTES = 5;
const FORK_CONTEXT = fileURLToPath(new URL('./fork_context.py', import.meta.url));

function commandOf(runner: ContextRunner): readonly [string, ...string[]] {
  const [command, ...options] = RUNNER_COMMANDS[runner];
  if (runner === 'forked-python') return [command, ...options.slice(0, -2), FORK_CONTEXT, ...options.slice(-1)];
  const program = fileURLToPath(guestFileUrl(runner === 'python' ? 'python_context.py' : 'javascript_context.cjs'));
  return [command, ...options.slice(0, -1), program];
}

/** A context runner of the host, given one cell after the other. Ends with the test. */
export class ContextSession {
  readonly folder: string;
  readonly ended: Promise<{ exitCode: number | null; signal: string | null }>;
  stdout = '';
  stderr = '';
  readonly #runner: ContextRunner;
  readonly #child: ChildProcess;
  readonly #jobs: Writable;
  readonly #reports: AsyncIterator<Uint8Array>;
  #bytes = Buffer.alloc(0);

  private constructor(runner: ContextRunner, child: ChildProcess, folder: string) {
    this.#runner = runner;
    this.folder = folder;
    this.#child = child;
    // The types know of three pipes; start asks for five.
    const [, stdout, stderr, jobs, reports] = child.stdio as unknown as [null, Readable, Readable, Writable, Readable];
    stdout.on('data', (piece: Buffer) => (this.stdout += piece.toString()));
    stderr.on('data', (piece: Buffer) => (this.stderr += piece.toString()));
    jobs.on('error', () => undefined);
    this.#jobs = jobs;
    this.#reports = reports[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    });
  }

  static async start(runner: ContextRunner, environment: Readonly<Record<string, string>> = {}): Promise<ContextSession> {
    const folder = await mkdtemp(join(tmpdir(), 'sandport-context-'));
    const [command, ...options] = commandOf(runner);
    const child = spawn(command, options, {
      cwd: folder,
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    const session = new ContextSession(runner, child, folder);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await session.ended;
      await rm(folder, { recursive: true, force: true });
    });
    const ready = await session.#take(1);
    if (ready?.toString() !== 'R') throw new Error(`The runner did not say that it is ready. ${session.stderr}`);
    return session;
  }

  /** Sends a cell and gives its report; `empty` when the interpreter ended instead. */
  async run(code: string, input: CellInput = {}): Promise<RunnerReport> {
    this.send(code, input);
    return this.report();
  }

  send(code: string, { arguments: values = {}, environment = {}, valueBytes = 1_000_000 }: CellInput = {}): void {
    // Of the limits, the runner is told one.
    const limits = { valueBytes } as Parameters<typeof encodeRunnerJob>[0]['limits'];
    this.#jobs.write(encodeRunnerJob({ code, arguments: values, environment, limits }));
  }

  async report(): Promise<RunnerReport> {
    const header = await this.#take(HEADER_BYTES);
    if (header === undefined) return { state: 'empty' };
    const payload = await this.#take(header.readUInt32BE(1));
    return parseRunnerReport(Buffer.concat([header, payload ?? Buffer.alloc(0)]));
  }

  interrupt(): void {
    if (this.#runner === 'javascript') this.#jobs.write(RUNNER_INTERRUPT);
    else this.#child.kill('SIGINT');
  }

  /** Waits until the program has printed a text. */
  async printed(text: string): Promise<void> {
    while (!this.stdout.includes(text)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Ends the job channel, and waits for the interpreter's end. */
  async end(): Promise<{ exitCode: number | null; signal: string | null }> {
    this.#jobs.end();
    return this.ended;
  }

  /** What lies in `artifacts/display`, by name. */
  displayed(): Promise<Record<string, string>> {
    return readDisplayed(this.folder);
  }

  async #take(size: number): Promise<Buffer | undefined> {
    while (this.#bytes.length < size) {
      const piece = await this.#reports.next();
      if (piece.done === true) return undefined;
      this.#bytes = Buffer.concat([this.#bytes, piece.value]);
    }
    const taken = this.#bytes.subarray(0, size);
    this.#bytes = this.#bytes.subarray(size);
    return taken;
  }
}

/** The files of `artifacts/display` below a work folder, by name. */
export async function readDisplayed(folder: string): Promise<Record<string, string>> {
  const display = join(folder, 'artifacts/display');
  const names = (await readdir(display)).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(display, name), 'latin1')] as const)));
}
