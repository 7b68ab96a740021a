import { SandboxError, type ExecutionResult, type SandboxErrorCode } from '@sandport/core';
import { ragflowRunAnswerSchema } from '@sandport/executor-api';
import { describe, expect, test } from 'vitest';
import { handmadeResult } from './handmade-result.ts';
import { RagflowClient } from './ragflow-client.ts';
import { startRagflowServer } from './ragflow-server.ts';

async function answerTo(run: () => ExecutionResult): Promise<Readonly<Record<string, unknown>>> {
  await using server = await startRagflowServer({ run: () => Promise.resolve().then(run) });
  const { answer } = await new RagflowClient(server.url).executeCode({ code: 'pass' });
  ragflowRunAnswerSchema.parse(answer);
  return answer;
}

const NOTHING_TOLD = { stdout: '', artifacts: [], result: null };
const csv = { path: 'a.csv', mediaType: 'text/csv', sizeBytes: 1, content: new Uint8Array([120]) };

describe('a result', () => {
  test.each<[string, ExecutionResult, object]>([
    [
      'that timed out',
      handmadeResult({ status: 'timed-out' }),
      { status: 'resource_limit_exceeded', exit_code: -124, resource_limit_type: 'time' },
    ],
    [
      'out of memory',
      handmadeResult({ status: 'out-of-memory' }),
      { status: 'resource_limit_exceeded', exit_code: -137, resource_limit_type: 'memory' },
    ],
    [
      'with too much output',
      handmadeResult({ status: 'output-limit-exceeded' }),
      { status: 'resource_limit_exceeded', exit_code: -153, resource_limit_type: 'output', stderr: 'Output limit exceeded' },
    ],
    [
      'of a program that was killed',
      handmadeResult({ status: 'killed' }, { exitCode: null, signal: 'SIGKILL' }),
      { status: 'program_error', exit_code: 137, stderr: 'The program was killed. Nobody saw for which reason.' },
    ],
    [
      'that was withdrawn',
      handmadeResult({ status: 'cancelled' }),
      { status: 'program_runner_error', exit_code: -3, detail: 'internal_error' },
    ],
    [
      'of a program that a signal ended',
      handmadeResult({ status: 'failed', type: 'Signal' }, { exitCode: null, signal: 'SIGSEGV' }),
      { status: 'program_error', exit_code: 139, stderr: 'what went wrong', runtime_error_type: 'nonzero_exit' },
    ],
    [
      'of a program that failed with exit code 0',
      handmadeResult({ status: 'failed', type: 'ValueError' }),
      { status: 'program_error', exit_code: 1, stderr: 'ValueError: what went wrong' },
    ],
    [
      'of JavaScript with the name of an error of Python',
      handmadeResult({ status: 'failed', type: 'MemoryError' }, { language: 'javascript', exitCode: 1 }),
      { status: 'program_error', exit_code: 1 },
    ],
  ])('%s is told by its status, and nothing that the run left is', async (_name, result, expected) => {
    const withFiles = { ...result, artifacts: { files: [csv], omitted: [], complete: true } };
    expect(await answerTo(() => withFiles)).toMatchObject({ ...NOTHING_TOLD, time_used_ms: 42, ...expected });
  });

  test('that completed tells what was left behind', async () => {
    const omitted = Array.from({ length: 22 }, (_, index) => ({ path: `${index}.csv`, reason: 'size-limit' as const, sizeBytes: 1 }));
    const answer = await answerTo(() => handmadeResult({ status: 'completed' }, { artifacts: { files: [csv], omitted, complete: false } }));
    expect(answer).toMatchObject({ status: 'success', stdout: 'printed\n', artifacts: [{ name: 'a.csv', content_b64: 'eA==' }] });
    expect(answer['detail']).toMatch(/^Not handed over: 0\.csv \(size-limit\), .* and 2 more\.$/);
  });
});

describe('a failure of ours', () => {
  const BUSY = { exit_code: -10, stderr: 'Container pool is busy', detail: 'no_available_container' };
  const TOO_MANY = {
    exit_code: -429,
    stderr: 'Too many requests, please try again later',
    detail: 'Too many requests, please try again later',
  };
  const INTERNAL = { exit_code: -3, stderr: 'in words', detail: 'internal_error' };

  test.each<[SandboxErrorCode, object]>([
    ['CAPACITY_EXHAUSTED', BUSY],
    ['RATE_LIMITED', TOO_MANY],
    ['QUOTA_EXCEEDED', TOO_MANY],
    ['PROVIDER_UNAVAILABLE', INTERNAL],
    ['DEADLINE_EXCEEDED', INTERNAL],
    ['ISOLATION_MISMATCH', INTERNAL],
    ['LANGUAGE_UNSUPPORTED', INTERNAL],
    ['INTERNAL', { exit_code: -999, stderr: 'in words', detail: 'unhandled_exception' }],
  ])('%s is told with status 200', async (code, expected) => {
    const answer = await answerTo(() => {
      throw new SandboxError(code, 'in words');
    });
    expect(answer).toMatchObject({ ...NOTHING_TOLD, status: 'program_runner_error', ...expected });
  });

  test('that nobody foresaw says nothing of itself', async () => {
    const answer = await answerTo(() => {
      throw new Error('the password is swordfish');
    });
    expect(answer).toMatchObject({ status: 'program_runner_error', exit_code: -999, detail: 'unhandled_exception' });
    expect(JSON.stringify(answer)).not.toContain('swordfish');
  });
});
