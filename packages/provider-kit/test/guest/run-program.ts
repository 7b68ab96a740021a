import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseExecutionRequest, type ExecutionRequestInput, type Language, type ProgramError } from '@sandport/core';
import { guestFileUrl } from '../../src/runner/guest-files.ts';
import { encodeRunnerJob, parseRunnerReport, type RunnerReport } from '../../src/runner/runner-report.ts';

/** What a runner process left behind. */
export interface ProgramRun {
  readonly report: RunnerReport;
  readonly reportBytes: Buffer;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type ProgramInput = Omit<ExecutionRequestInput, 'language' | 'files'> & {
  /** Work folder; a temporary one when absent. */
  readonly folder?: string;
};

const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();
const EXPERIMENTAL = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
const READY = 'R'.charCodeAt(0);

/** The command lines that the README of the guest programs names. `-B` keeps the tree free of byte code. */
export const RUNNER_COMMANDS: Readonly<Record<Language | 'forked-python', readonly [string, ...string[]]>> = {
  python: [PYTHON, '-B', '-X', 'utf8', guestFile('python_runner.py')],
  'forked-python': [PYTHON, '-B', '-X', 'utf8', fileURLToPath(new URL('./fork_runner.py', import.meta.url)), guestFile('.')],
  javascript: [process.execPath, ...EXPERIMENTAL, guestFile('javascript_runner.cjs')],
};

/** A Python command that finds the guest modules. */
export function runGuestPython(script: string, argument: string): unknown {
  const source = `import sys, json; sys.path.insert(0, ${JSON.stringify(guestFile('.'))})\n${script}`;
  const run = spawnSync(PYTHON, ['-B', '-c', source, argument], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

/** Boots a runner, gives it one job and waits for its end. */
export async function runProgram(runner: keyof typeof RUNNER_COMMANDS, input: ProgramInput): Promise<ProgramRun> {
  const { folder, ...request } = input;
  const job = encodeRunnerJob(parseExecutionRequest({ ...request, language: runner === 'javascript' ? 'javascript' : 'python' }));
  return runJob(runner, job, folder);
}

/** As {@link runProgram}, with the bytes of the job channel given. */
export async function runJob(runner: keyof typeof RUNNER_COMMANDS, job: Uint8Array, folder?: string): Promise<ProgramRun> {
  const workFolder = folder ?? (await mkdtemp(join(tmpdir(), 'sandport-guest-')));
  try {
    const [command, ...options] = RUNNER_COMMANDS[runner];
    const child = spawn(command, options, {
      cwd: workFolder,
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    return await exchange(child, job);
  } finally {
    if (folder === undefined) await rm(workFolder, { recursive: true, force: true });
  }
}

/** The error that a run reported. */
export function errorOf({ report, stderr }: ProgramRun): ProgramError {
  if (report.state !== 'error') throw new Error(`The report is "${report.state}". ${stderr}`);
  return report.error;
}

/** The JSON text that a run reported. */
export function valueJsonOf({ report, stderr }: ProgramRun): string {
  if (report.state !== 'value') throw new Error(`The report is "${report.state}". ${stderr}`);
  return report.valueJson;
}

async function exchange(child: ChildProcess, job: Uint8Array): Promise<ProgramRun> {
  // The types know of three pipes; runJob asks for five.
  const [, stdout, stderr, jobChannel, reportChannel] = child.stdio as unknown as [null, Readable, Readable, Writable, Readable];
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const texts = Promise.all([buffer(stdout), buffer(stderr)]);
  const reportBytes = exchangeChannels(jobChannel, reportChannel, job);
  const [end, [out, errors], bytes] = await Promise.all([ended, texts, reportBytes]);
  return { ...end, report: parseRunnerReport(bytes), reportBytes: bytes, stdout: out.toString(), stderr: errors.toString() };
}

/** Sends the job once the ready byte has come, and gives what comes after that. */
async function exchangeChannels(jobChannel: Writable, reportChannel: Readable, job: Uint8Array): Promise<Buffer> {
  const pieces: Buffer[] = [];
  jobChannel.on('error', () => undefined);
  for await (const piece of reportChannel) {
    if (pieces.length === 0) jobChannel.end(job);
    pieces.push(Buffer.from(piece as Uint8Array));
  }
  const bytes = Buffer.concat(pieces);
  if (bytes[0] !== READY) throw new Error(`The runner did not say that it is ready: ${bytes.toString('latin1')}`);
  return bytes.subarray(1);
}

function guestFile(name: string): string {
  return fileURLToPath(guestFileUrl(name));
}
