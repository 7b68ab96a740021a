import { join } from 'node:path';
import type { SandboxHost } from '../execution/sandbox-host.ts';
import type { SandboxMachine } from '../execution/sandbox-machine.ts';
import { analyzeJavaScript, analyzePython } from './analyze-source.ts';
import { collectArtifacts } from './collect-artifacts.ts';
import { ContainerPool } from './container-pool.ts';
import type { FakeRagflowExecutionRecord } from './fake-ragflow-executor.ts';
import { internalError, POOL_BUSY, runAnswer, runnerError, type RunAnswer } from './run-answer.ts';
import type { RunBody } from './run-body.ts';
import { HostTimeoutError, runProcess, type ProcessOutcome } from './run-process.ts';
import { takeMarkers } from './run-result-marker.ts';
import { containerEnvironment, makeTaskFolder, type TaskFolder } from './task-folder.ts';

const TIMED_OUT = 124;
const KILLED = 137;

/** The options with their defaults. */
export interface RagflowSettings {
  readonly timeoutSeconds: number;
  readonly poolSize: number;
  readonly poolWaitMs: number;
  readonly analyzes: boolean;
}

/** Runs programs as the executor manager does: in containers that everybody uses, and with outcomes guessed from codes and words. */
export class RagflowService {
  readonly executions: FakeRagflowExecutionRecord[] = [];
  readonly #settings: RagflowSettings;
  readonly #pools: Readonly<Record<RunBody['language'], ContainerPool>>;

  constructor(settings: RagflowSettings, host: SandboxHost) {
    const { poolSize, poolWaitMs } = settings;
    this.#settings = settings;
    this.#pools = { python: new ContainerPool(host, poolSize, poolWaitMs), nodejs: new ContainerPool(host, poolSize, poolWaitMs) };
  }

  /** Runs a program to its end, also when its caller has left. */
  async run(body: RunBody): Promise<RunAnswer> {
    const pool = this.#pools[body.language];
    const machine = await pool.take();
    if (machine === undefined) return POOL_BUSY;
    try {
      return (await this.#refuse(machine, body)) ?? (await this.#execute(machine, body));
    } finally {
      pool.release(machine);
    }
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()));
  }

  async #refuse(machine: SandboxMachine, { language, code }: RunBody): Promise<RunAnswer | undefined> {
    if (!this.#settings.analyzes) return undefined;
    const isPython = language === 'python';
    const findings = isPython ? await analyzePython(machine, containerEnvironment(machine), code) : analyzeJavaScript(code);
    if (findings.length === 0) return undefined;
    return runnerError(-999, findings.map(([line, issue]) => `Line ${line}: ${issue}`).join('\n'), 'Code is unsafe');
  }

  async #execute(machine: SandboxMachine, body: RunBody): Promise<RunAnswer> {
    const folder = await makeTaskFolder(machine, body);
    this.executions.push({ language: body.language, code: body.code, arguments: body.arguments });
    const began = performance.now();
    try {
      const { argv, workingFolder } = folder;
      const timeoutMs = this.#settings.timeoutSeconds * 1000;
      const outcome = await runProcess(machine, { argv, workingFolder, environment: containerEnvironment(machine), timeoutMs });
      return await answerTo(outcome, folder, performance.now() - began);
    } catch (error) {
      if (error instanceof HostTimeoutError) return internalError(error.message);
      throw error;
    } finally {
      await folder.remove();
    }
  }
}

/** What the service makes of a program's end. */
async function answerTo(outcome: ProcessOutcome, folder: TaskFolder, elapsedMs: number): Promise<RunAnswer> {
  const { exitCode } = outcome;
  const stdout = utf8Of(outcome.stdout);
  const stderr = utf8Of(outcome.stderr);
  if (stdout === undefined || stderr === undefined) return internalError("'utf-8' codec can't decode byte: invalid start byte");
  if (exitCode === 0) {
    const artifacts = await collectArtifacts(join(folder.hostFolder, 'artifacts'));
    const time = Math.round(elapsedMs * 100) / 100;
    return runAnswer({ status: 'success', exit_code: 0, stderr, time_used_ms: time, artifacts, ...takeMarkers(stdout) });
  }
  const limited = { status: 'resource_limit_exceeded' } as const;
  if (exitCode === TIMED_OUT) return runAnswer({ ...limited, exit_code: -124, stderr: 'Execution timeout', resource_limit_type: 'time' });
  if (exitCode === KILLED) {
    const words = 'Memory limit exceeded (killed by OOM)';
    return runAnswer({ ...limited, exit_code: -137, stderr: words, resource_limit_type: 'memory' });
  }
  return answerByWords({ exit_code: exitCode, stderr }, stdout);
}

/** The rest is told by what stands on stderr, which the program wrote. */
function answerByWords(own: { readonly exit_code: number; readonly stderr: string }, stdout: string): RunAnswer {
  const words = own.stderr;
  const unauthorized = { ...own, status: 'unauthorized_access' } as const;
  if (words.includes('Permission denied')) return runAnswer({ ...unauthorized, unauthorized_access_type: 'file_access' });
  if (words.includes('Operation not permitted'))
    return runAnswer({ ...unauthorized, stdout, unauthorized_access_type: 'disallowed_syscall' });
  if (words.includes('MemoryError')) return runAnswer({ ...own, stdout, status: 'resource_limit_exceeded', resource_limit_type: 'memory' });
  return runAnswer({ ...own, status: 'program_error', runtime_error_type: 'nonzero_exit' });
}

function utf8Of(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
