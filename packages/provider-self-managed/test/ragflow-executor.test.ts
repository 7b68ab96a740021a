import { createServer } from 'node:net';
import { createProvider, Secret, type ExecutionResult, type SandboxProvider } from '@sandport/core';
import { startFakeRagflowExecutor, type FakeRagflowExecutor, type RagflowFault } from '@sandport/fakes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { selfManagedProvider } from '../src/index.ts';
import { createRagflowProvider } from './ragflow-provider.ts';

const RETURNS_ONE = 'def main():\n    return 1\n';
const SLEEPS = 'import time\ndef main():\n    time.sleep(3)\n';
const GRACE_MS = 3000;

let fake: FakeRagflowExecutor;
let provider: SandboxProvider;

beforeAll(async () => {
  fake = await startFakeRagflowExecutor({ sandboxTimeout: '1s', poolSize: 6 });
  provider = createRagflowProvider({ endpoint: `${fake.url}/` });
});

afterEach(() => fake.faults.clear());

afterAll(async () => {
  await provider.close();
  await fake.close();
});

interface Run {
  readonly code?: string;
  readonly language?: 'python' | 'javascript';
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly by?: SandboxProvider;
}

async function run({
  code = RETURNS_ONE,
  language = 'python',
  timeoutMs = 20_000,
  signal,
  by = provider,
}: Run = {}): Promise<ExecutionResult> {
  await using sandbox = await by.createSandbox({ language });
  return await sandbox.execute({ code, language, limits: { timeoutMs } }, { signal });
}

const once = (fault: RagflowFault, operation: 'Run' | 'Health' = 'Run'): void =>
  void fake.faults.add({ match: { operation }, times: 1, fault });
const kindsOf = ({ evidence }: ExecutionResult): string[] => evidence.map(({ kind }) => kind);

describe('a program', () => {
  test('is sent as RAGFlow itself would send it, once', async () => {
    const before = fake.requests.length;
    const result = await run();
    expect(result).toMatchObject({ status: 'completed', value: 1, valueJson: '1', exitCode: 0, stdout: '' });
    expect(result.isolation).toEqual({ kind: 'remote', measuredBy: 'not-measured-by-ragflow' });
    expect(fake.requests.slice(before)).toMatchObject([{ operation: 'Run', deviations: [], status: 200 }]);
  });

  test('brings the files that RAGFlow takes, in a collection that is never said to be complete', async () => {
    const code =
      'from pathlib import Path\ndef main():\n    Path("artifacts/a.csv").write_text("1")\n    Path("artifacts/b.txt").write_text("2")\n';
    const { artifacts } = await run({ code });
    expect(artifacts.files).toMatchObject([{ path: 'a.csv', mediaType: 'text/csv', sizeBytes: 1 }]);
    expect(artifacts).toMatchObject({ complete: false, omitted: [{ path: '', reason: 'not-collected' }] });
  });

  test.each([
    ['124, which the far end takes for its time limit', 'from posix import _exit\ndef main():\n    _exit(124)\n', 124],
    ['137, which the far end takes for a lack of memory', 'from posix import _exit\ndef main():\n    _exit(137)\n', 137],
    ['124, by the time limit of the far end', 'def main():\n    while True:\n        pass\n', 124],
  ])('that ends with %s, has failed', async (_name, code, exitCode) => {
    const result = await run({ code });
    expect(result).toMatchObject({ status: 'failed', exitCode, error: { type: 'ExitCode' }, truncated: { stdout: true, stderr: true } });
    expect(kindsOf(result)).toEqual(['exit', 'isolation']);
  });

  test.each(['Permission denied', 'Operation not permitted', 'MemoryError'])('that fails with the words "%s" has failed', async (words) => {
    const code = `def main():\n    print("before")\n    raise ValueError("${words}")\n`;
    expect(await run({ code })).toMatchObject({ status: 'failed', exitCode: 1, error: { type: 'ValueError', message: words } });
  });

  test('whose time is over by our own timer has timed out', async () => {
    const result = await run({ code: SLEEPS, timeoutMs: 200 });
    expect(result).toMatchObject({
      status: 'timed-out',
      evidence: [{ kind: 'timer', observer: 'host', limitMs: 200 }, { kind: 'isolation' }],
    });
  });

  test('with a syntax error has failed', async () => {
    const result = await run({ code: 'def main(:' });
    expect(result).toMatchObject({ status: 'failed', exitCode: null, error: { type: 'SyntaxError' } });
  });

  test('that the analyzer refuses is a failure of ours, with the findings', async () => {
    const running = run({ code: 'import os\ndef main():\n    return eval("1")\n' });
    await expect(running).rejects.toMatchObject({
      code: 'POLICY_VIOLATED',
      details: { findings: ['Line 1: Import: os', 'Line 3: Call: eval'] },
    });
  });

  test.each([
    ['a value that is too deep', { result: { present: true, value: deepList(300), type: 'json' } }, 'malformed'],
    ['no value', { result: null }, 'empty'],
  ])('with %s says so in its evidence', async (_name, members, state) => {
    once({ kind: 'other-answer', members });
    expect((await run()).evidence).toContainEqual({ kind: 'value-channel', observer: 'engine', state });
  });

  test('that a limit of another kind ended has failed', async () => {
    once({
      kind: 'other-answer',
      members: { status: 'resource_limit_exceeded', exit_code: -153, resource_limit_type: 'output', result: null },
    });
    expect(await run()).toMatchObject({ status: 'failed', exitCode: null, error: { type: 'ResourceLimit' } });
  });
});

function deepList(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe('a failure', () => {
  test.each<[RagflowFault, string]>([
    [{ kind: 'pool-busy' }, 'CAPACITY_EXHAUSTED'],
    [{ kind: 'rate-limited' }, 'RATE_LIMITED'],
    [{ kind: 'internal-error' }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'unhandled-exception' }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'status', status: 401 }, 'AUTHENTICATION_FAILED'],
    [{ kind: 'status', status: 404, body: 'html' }, 'RESPONSE_INVALID'],
    [{ kind: 'status', status: 413 }, 'REQUEST_INVALID'],
    [{ kind: 'status', status: 422 }, 'REQUEST_INVALID'],
    [{ kind: 'status', status: 302, body: 'empty' }, 'RESPONSE_INVALID'],
    [{ kind: 'status', status: 502, body: 'html' }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'status', status: 500, body: 'text', afterWork: true }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'foreign-body' }, 'RESPONSE_INVALID'],
    [{ kind: 'invalid-json' }, 'RESPONSE_INVALID'],
    [{ kind: 'other-answer', members: { exit_code: 'none' } }, 'RESPONSE_INVALID'],
    [{ kind: 'other-answer', members: { status: 'fine' } }, 'RESPONSE_INVALID'],
    [{ kind: 'other-answer', members: { exit_code: 3 } }, 'RESPONSE_INVALID'],
    [{ kind: 'other-answer', members: { status: 'program_error' } }, 'RESPONSE_INVALID'],
    [{ kind: 'cut', when: 'before-work' }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'cut', when: 'after-work' }, 'PROVIDER_UNAVAILABLE'],
    [{ kind: 'cut', when: 'in-answer' }, 'PROVIDER_UNAVAILABLE'],
  ])('%o is %s, and nothing is sent again', async (fault, code) => {
    const before = fake.requests.length;
    once(fault);
    await expect(run()).rejects.toMatchObject({ name: 'SandboxError', code, providerId: 'self_managed', operation: 'execute' });
    expect(fake.requests.length - before).toBe(1);
  });

  test('tells when to call again', async () => {
    once({ kind: 'status', status: 429, retryAfterSeconds: 7 });
    await expect(run()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 7000 });
  });

  test('of a far end that says nothing is a timeout of the program: it may run', async () => {
    once({ kind: 'hang' });
    expect((await run({ timeoutMs: 200 })).status).toBe('timed-out');
  });

  test('of a far end that is not there is told before anything is sent', async () => {
    const port = await freePort();
    await using lost = createRagflowProvider({ endpoint: `http://127.0.0.1:${port}` });
    await expect(run({ by: lost })).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', details: { failureCode: 'ECONNREFUSED' } });
  });

  test('names no token, and lets one in that is right', async () => {
    await using guarded = await startFakeRagflowExecutor({ token: 'swordfish' });
    await using stranger = createRagflowProvider({ endpoint: guarded.url, token: new Secret('halibut') });
    await using friend = createRagflowProvider({ endpoint: guarded.url, token: new Secret('swordfish') });
    await expect(run({ by: stranger })).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
    expect((await run({ by: friend })).status).toBe('completed');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('a call that is withdrawn', () => {
  test('before it is made runs nothing', async () => {
    const before = fake.requests.length;
    await expect(run({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(fake.requests.length).toBe(before);
  });

  test('after the program was sent is cancelled, with the proof of it', async () => {
    const caller = new AbortController();
    const before = fake.executions.length;
    const running = run({ code: SLEEPS, signal: caller.signal });
    await expect.poll(() => fake.executions.length).toBe(before + 1);
    caller.abort();
    const began = performance.now();
    expect(await running).toMatchObject({ status: 'cancelled', evidence: [{ kind: 'abort', observer: 'host' }, { kind: 'isolation' }] });
    expect(performance.now() - began).toBeLessThan(GRACE_MS);
    await expect.poll(() => fake.requests.at(-1)?.abandoned).toBe(true);
  });

  test('by the end of its sandbox is told so', async () => {
    const sandbox = await provider.createSandbox({ language: 'python' });
    const running = expect(sandbox.execute({ code: SLEEPS })).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    await sandbox.destroy();
    await running;
  });
});

test('the provider finds out that it speaks with RAGFlow, and asks it for no more than it can', async () => {
  await using found = createProvider(selfManagedProvider, { endpoint: fake.url, timeoutMs: 5000 });
  await using sandbox = await found.createSandbox({ language: 'python' });
  expect(await sandbox.execute({ code: RETURNS_ONE })).toMatchObject({ status: 'completed', value: 1 });
  await using other = await found.createSandbox({ language: 'python' });
  await expect(other.execute({ code: RETURNS_ONE, stdin: 'text' })).rejects.toMatchObject({ code: 'CAPABILITY_UNSUPPORTED' });
  await expect(other.execute({ code: RETURNS_ONE, limits: { timeoutMs: 5001 } })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
});

describe('health', () => {
  test('is as good as it can be said to be', async () => {
    const report = await provider.checkHealth();
    expect(report).toMatchObject({ providerId: 'self_managed', status: 'degraded', isolation: { kind: 'remote' } });
    expect(report.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'executor ok',
      'run.python ok',
      'run.javascript ok',
      'isolation warning',
    ]);
  });

  test.each<RagflowFault>([{ kind: 'hang' }, { kind: 'status', status: 500 }])(
    'is bad where it is not answered well: %o',
    async (fault) => {
      await using hasty = createRagflowProvider({ endpoint: fake.url, requestTimeoutMs: 200 });
      once(fault, 'Health');
      const report = await hasty.checkHealth();
      expect(report).toMatchObject({ status: 'unhealthy', isolation: null });
      expect(report.checks).toMatchObject([{ name: 'executor', status: 'failed' }]);
    },
  );

  test('shows a pool without containers, of which the far end itself says nothing', async () => {
    fake.faults.add({ match: { operation: 'Run' }, fault: { kind: 'pool-busy' } });
    expect(await provider.checkHealth()).toMatchObject({ status: 'unhealthy', isolation: null });
  });
});
