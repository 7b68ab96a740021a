import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { jsonAnswer, type Answer } from '../../http/answer.ts';
import { startCommand, type CommandOutcome, type RunningCommand } from '../../execution/run-command.ts';
import { HOME } from '../../execution/sandbox-paths.ts';
import { findFault, type Call } from '../call.ts';
import { htmlAnswer } from '../error-answers.ts';
import { sandboxOf } from '../sandbox-operations.ts';
import { serviceError } from '../service-error.ts';
import { sandboxNotFound, type FakeSandbox, type SandboxCommand } from '../state/fake-sandbox.ts';
import { parseDataInput, secondsSchema } from './parse-data-input.ts';

/** Commands that have ended and can still be looked up. */
const MAX_ENDED_COMMANDS = 100;
/** How long a command has to end after it was asked to. */
const TERMINATION_MS = 1_000;
/** What a command that took too long has for an exit code. */
const NO_EXIT_CODE = -1;
/** Where signals begin among exit codes, as a shell counts. */
const SIGNAL_BASE = 128;
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

export async function runCommand(call: Call): Promise<Answer> {
  const { state } = call;
  const schema = z.looseObject({
    command: z.string().min(1),
    cwd: z.string().default(HOME),
    timeout: secondsSchema(state.settings.limits.maxExecutionSeconds),
  });
  const { command, cwd, timeout } = parseDataInput(schema, call.body);
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    await access(await sandbox.paths.resolve(cwd));
    const startedAtMs = state.settings.now();
    const began = performance.now();
    const running = await startCommand(sandbox.machine, {
      command,
      workingFolder: sandbox.workingFolder(cwd),
      environment: sandbox.environment(),
      timeoutMs: timeout * 1_000,
    }).catch((error: unknown) => {
      if (sandbox.endedAtMs === undefined) throw error;
      throw sandboxNotFound();
    });
    state.executions.push({ kind: 'command', sandboxId: sandbox.plan.sandboxId, language: undefined, contextId: undefined, startedAtMs });
    const entry = keepCommand(sandbox, running, { command, cwd, createdAtMs: startedAtMs });
    const outcome = await running.outcome;
    if (sandbox.endedAtMs !== undefined) throw sandboxNotFound();
    entry.status = outcome.isTimedOut ? 'timeout' : entry.status === 'killed' ? 'killed' : 'completed';
    return commandAnswer(call, entry, outcome, Math.round(performance.now() - began));
  });
}

function keepCommand(
  sandbox: FakeSandbox,
  { process, outcome }: RunningCommand,
  facts: Pick<SandboxCommand, 'command' | 'cwd' | 'createdAtMs'>,
): SandboxCommand {
  const entry: SandboxCommand = {
    ...facts,
    processId: process.processId,
    status: 'running',
    kill: (signal) => process.kill(signal),
    ended: outcome.then(() => undefined),
  };
  sandbox.commands.set(entry.processId, entry);
  const ended = [...sandbox.commands.values()].filter(({ status }) => status !== 'running');
  for (const old of ended.slice(0, -MAX_ENDED_COMMANDS)) sandbox.commands.delete(old.processId);
  return entry;
}

function commandAnswer(call: Call, entry: SandboxCommand, outcome: CommandOutcome, executionTimeMs: number): Answer {
  const { isTimedOut, end, stdout, stderr } = outcome;
  const timeoutAnswer = findFault(call.faults, 'timeout-answer')?.answer ?? call.state.settings.executionTimeoutAnswer;
  if (isTimedOut && timeoutAnswer === 'request-timeout') throw serviceError(408, 'REQUEST_TIMEOUT', 'The command took too long');
  if (isTimedOut && timeoutAnswer === 'gateway-timeout') return htmlAnswer(504);
  const exitCode = isTimedOut ? NO_EXIT_CODE : (end.exitCode ?? SIGNAL_BASE + (SIGNAL_NUMBERS[end.signal ?? ''] ?? 0));
  const executionId = randomUUID();
  if (findFault(call.faults, 'other-shape') !== undefined)
    return jsonAnswer(200, { executionId, status: entry.status, executionTimeMs, exit_code: exitCode, stdout, stderr, cwd: entry.cwd });
  return jsonAnswer(200, {
    executionId,
    status: entry.status,
    executionTimeMs,
    result: { exitCode, stdout, stderr, cwd: entry.cwd, executionTimeMs },
  });
}

const processFields = (entry: SandboxCommand): Record<string, unknown> => ({
  processId: String(entry.processId),
  status: entry.status,
  command: entry.command,
  tag: '',
  createdAt: new Date(entry.createdAtMs).toISOString(),
});

export function listProcesses(call: Call): Answer {
  const sandbox = sandboxOf(call);
  void sandbox.machine;
  const items = [...sandbox.commands.values()].map(processFields);
  return jsonAnswer(200, findFault(call.faults, 'other-shape') === undefined ? { items, total: items.length } : items);
}

function processOf(call: Call): SandboxCommand {
  const sandbox = sandboxOf(call);
  void sandbox.machine;
  const entry = sandbox.commands.get(Number(call.route.itemId));
  if (entry === undefined) throw serviceError(404, 'NOT_FOUND', 'process not found');
  return entry;
}

export function getProcess(call: Call): Answer {
  const entry = processOf(call);
  return jsonAnswer(200, { ...processFields(entry), working_dir: entry.cwd, environment: {}, resourceUsage: {} });
}

/** Asks a process and its group to end, and kills what does not. */
export async function killProcess(call: Call): Promise<Answer> {
  const entry = processOf(call);
  const wasRunning = entry.status === 'running';
  if (wasRunning) {
    entry.status = 'killed';
    entry.kill('SIGTERM');
    await Promise.race([entry.ended, sleep(TERMINATION_MS, undefined, { ref: false })]);
    entry.kill('SIGKILL');
    await entry.ended;
  }
  return jsonAnswer(200, {
    pid: String(entry.processId),
    stopped: wasRunning,
    stopped_at: new Date(call.state.settings.now()).toISOString(),
    message: wasRunning ? 'process stopped' : 'process had ended',
  });
}
