import {
  jsonValueSchema,
  type Evidence,
  type ExecutionFacts,
  type ExecutionRequest,
  type ExecutionResult,
  type JsonValue,
  type MeasuredIsolation,
  type OutputStream,
  type PhaseClock,
  type ProgramError,
  type ValueChannelEvidence,
} from '@sandport/core';
import type { RagflowRunAnswer } from '@sandport/executor-api';
import { ARTIFACTS_NOT_COLLECTED, BoundedText } from '@sandport/provider-kit';
import { toArtifacts } from './ragflow-artifacts.ts';
import type { RunReply } from './ragflow-client.ts';
import { RAGFLOW_PROVIDER_ID, ragflowError, runnerError, UNSAFE_DETAIL } from './ragflow-errors.ts';
import { readProgramError } from './read-program-error.ts';

/** The far end keeps what it will behind its API, and measures nothing of it. */
export const RAGFLOW_ISOLATION: MeasuredIsolation = { kind: 'remote', measuredBy: 'not-measured-by-ragflow' };

const ISOLATION_EVIDENCE: Evidence = {
  kind: 'isolation',
  observer: 'host',
  isolation: RAGFLOW_ISOLATION.kind,
  measuredBy: RAGFLOW_ISOLATION.measuredBy,
};

/** How the analyzer begins what it says of a source that it cannot read. */
const PARSING = 'Line -1: Parsing Error: ';

/** Exit codes that the far end takes for its own limits, and any program can end with. It gives them with a minus. */
const DOUBTFUL_EXIT_CODES: Readonly<Record<number, string>> = { [-124]: 'time', [-137]: 'memory' };

/** A run, as it ended on our side: with an answer, or by a timer or a signal of ours. */
export interface RagflowRun {
  readonly request: ExecutionRequest;
  readonly clock: PhaseClock;
}

/** The result of a run that was not waited for any longer. Its program may go on at the far end. */
export function toEndedResult(run: RagflowRun, ending: Extract<Evidence, { kind: 'timer' | 'abort' }>): ExecutionResult {
  const facts = factsOf(run, [ending]);
  return { ...facts, status: ending.kind === 'timer' ? 'timed-out' : 'cancelled', error: null };
}

/**
 * Says what a program did, by what the far end can know: the code with which its process ended, and the value where that is 0. That a limit of its own ended a program it guesses
 * from that code, so such a program has failed, with the code.
 *
 * @throws SandboxError Where no program was run: `CAPACITY_EXHAUSTED`, `RATE_LIMITED`, `POLICY_VIOLATED`; `PROVIDER_UNAVAILABLE` where it is not known how far it came; `RESPONSE_INVALID`.
 */
export function toResult(run: RagflowRun, reply: RunReply): ExecutionResult {
  const { answer } = reply;
  switch (answer.status) {
    case 'success':
      if (answer.exit_code !== 0) throw contradiction(answer);
      return completed(run, reply);
    case 'program_runner_error':
      return unparsed(run, answer) ?? raise(runnerError(answer));
    default:
      if (answer.exit_code === 0) throw contradiction(answer);
      return failed(run, answer);
  }
}

function completed(run: RagflowRun, { answer, valueJson }: RunReply): ExecutionResult {
  const { request } = run;
  const output = outputOf(answer, request);
  const artifacts = toArtifacts(answer.artifacts, request.limits);
  const channel = channelOf(answer, valueJson, request);
  const own = factsOf(run, [exitOf(0), channelEvidence(channel.state)]);
  const facts = { ...own, ...output.texts, artifacts, exitCode: 0 };
  if (output.limit !== undefined)
    return { ...facts, evidence: [output.limit, ...facts.evidence], status: 'output-limit-exceeded', error: null };
  if (channel.error !== undefined) return { ...facts, status: 'failed', error: channel.error };
  return { ...facts, status: 'completed', error: null, ...channel.value };
}

interface Channel {
  readonly state: ValueChannelEvidence['state'];
  readonly value?: { readonly value: JsonValue; readonly valueJson: string };
  readonly error?: ProgramError;
}

/** The value may be forged: it comes over stdout there. What is no value of the contract makes the program a failed one. */
function channelOf({ result }: RagflowRunAnswer, valueJson: string | null, { limits }: ExecutionRequest): Channel {
  if (result?.present !== true) return { state: 'empty' };
  const parsed = jsonValueSchema.safeParse(result.value);
  if (!parsed.success || valueJson === null) {
    return { state: 'malformed', error: valueError('The value of main() is not what JSON can carry here.') };
  }
  const sizeBytes = Buffer.byteLength(valueJson);
  if (sizeBytes <= limits.valueBytes) return { state: 'value', value: { value: parsed.data, valueJson } };
  return { state: 'too-large', error: valueError(`main() returned a value of ${sizeBytes} bytes of JSON, which is above the limit.`) };
}

function valueError(message: string): ProgramError {
  return { type: 'ValueError', message, traceback: '' };
}

function failed(run: RagflowRun, answer: RagflowRunAnswer): ExecutionResult {
  const { exit_code } = answer;
  if (exit_code < 0) return endedByLimit(run, answer);
  const { texts, limit } = outputOf(answer, run.request);
  // The far end empties stdout of programs that fail.
  const truncated = { stdout: answer.stdout.length === 0 || texts.truncated.stdout, stderr: texts.truncated.stderr };
  const facts = { ...factsOf(run, [exitOf(exit_code)]), ...texts, truncated, exitCode: exit_code };
  if (limit !== undefined) return { ...facts, evidence: [limit, ...facts.evidence], status: 'output-limit-exceeded', error: null };
  const printed = exit_code === 1 ? readProgramError(run.request.language, answer.stderr) : undefined;
  const unsaid = { type: 'ExitCode', message: `The program ended with exit code ${exit_code}.`, traceback: '' };
  return { ...facts, status: 'failed', error: printed ?? unsaid };
}

function endedByLimit(run: RagflowRun, { exit_code, resource_limit_type }: RagflowRunAnswer): ExecutionResult {
  const guess = DOUBTFUL_EXIT_CODES[exit_code];
  const exitCode = guess === undefined ? null : -exit_code;
  const message =
    guess === undefined
      ? `The executor says that a limit of its own ended the program (${resource_limit_type ?? 'which it does not name'}).`
      : `The program ended with exit code ${exitCode}. The executor takes that for its limit of ${guess}; a program can end so by itself.`;
  const error = { type: guess === undefined ? 'ResourceLimit' : 'ExitCode', message, traceback: '' };
  return { ...factsOf(run, [exitOf(exitCode)]), exitCode, status: 'failed', error };
}

/** A source that the analyzer cannot read is the program's own failure. It was not started. */
function unparsed(run: RagflowRun, { detail, stderr }: RagflowRunAnswer): ExecutionResult | undefined {
  if (detail !== UNSAFE_DETAIL || run.request.language !== 'python') return undefined;
  // The protocol has no other word for it, and none of these are the program's: it was not run.
  if (!stderr.startsWith(PARSING)) return undefined;
  const message = stderr.slice(PARSING.length);
  const facts = factsOf(run, [exitOf(null), channelEvidence('error')]);
  const told = { ...facts, stderr, truncated: { stdout: false, stderr: false } };
  return { ...told, status: 'failed', error: { type: 'SyntaxError', message, traceback: '' } };
}

function factsOf({ request, clock }: RagflowRun, evidence: readonly Evidence[]): ExecutionFacts {
  return {
    stdout: '',
    stderr: '',
    // Nothing came: what there was is lost.
    truncated: { stdout: true, stderr: true },
    exitCode: null,
    signal: null,
    artifacts: ARTIFACTS_NOT_COLLECTED,
    clock,
    evidence: [...evidence, ISOLATION_EVIDENCE],
    isolation: RAGFLOW_ISOLATION,
    providerId: RAGFLOW_PROVIDER_ID,
    language: request.language,
  };
}

interface Output {
  readonly texts: Pick<ExecutionFacts, 'stdout' | 'stderr' | 'truncated'>;
  readonly limit?: Evidence;
}

/** Output within the limit. The far end has none: that it was passed is counted here, when all of it has come. */
function outputOf(answer: RagflowRunAnswer, { limits: { outputBytes } }: ExecutionRequest): Output {
  const stdout = boundedText(answer.stdout, outputBytes);
  const stderr = boundedText(answer.stderr, outputBytes);
  const truncated = { stdout: stdout.truncated, stderr: stderr.truncated };
  const texts = { stdout: stdout.toString(), stderr: stderr.toString(), truncated };
  const stream: OutputStream | undefined = truncated.stdout ? 'stdout' : truncated.stderr ? 'stderr' : undefined;
  return stream === undefined ? { texts } : { texts, limit: { kind: 'output-limit', observer: 'host', stream, limitBytes: outputBytes } };
}

function boundedText(text: string, limitBytes: number): BoundedText {
  const bounded = new BoundedText(limitBytes);
  bounded.append(Buffer.from(text));
  bounded.finish(false);
  return bounded;
}

function exitOf(exitCode: number | null): Evidence {
  return { kind: 'exit', observer: 'engine', exitCode, signal: null };
}

function channelEvidence(state: ValueChannelEvidence['state']): Evidence {
  return { kind: 'value-channel', observer: 'engine', state };
}

function contradiction({ status, exit_code }: RagflowRunAnswer): Error {
  return ragflowError('RESPONSE_INVALID', 'execute', `exit_code: is ${exit_code} beside the status "${status}".`, {
    suggestion: 'Check that "endpoint" leads to RAGFlow\'s executor manager.',
    details: { field: 'exit_code' },
  });
}

function raise(error: Error): never {
  throw error;
}
