import type { ServerResponse } from 'node:http';
import { createProvider } from '@sandport/core';
import { MEDIA_TYPES, toServiceProblem } from '@sandport/executor-api';
import { describe, expect, test } from 'vitest';
import { selfManagedProvider } from '../src/index.ts';
import { answerJson, PlayedExecutor } from './played-executor.ts';
import { thrownBy } from './thrown-by.ts';

const CAPABILITIES = 'GET /v1/capabilities';
const HEALTH = 'GET /healthz';

const notFound = (_request: unknown, response: ServerResponse): void => answerJson(response, 404, { detail: 'Not Found' });

describe.concurrent('what is at the far end', () => {
  test('is found out once, by calls that are made at one time', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    await Promise.all([1, 2, 3].map(() => provider.createSandbox({ language: 'python' })));
    await provider.createSandbox({ language: 'python' });
    expect(executor.requestsOf(CAPABILITIES)).toHaveLength(1);
  });

  test('is one of ours, also when it does not let us ask', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    executor.play(CAPABILITIES, (_request, response) => {
      answerJson(response, 403, toServiceProblem('FORBIDDEN', 'no'), MEDIA_TYPES.problem);
    });
    expect((await provider.createSandbox({ language: 'python' })).language).toBe('python');
  });

  test("is RAGFlow's, when that is all it can be", async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    executor.play(CAPABILITIES, notFound);
    executor.play(HEALTH, (_request, response) => answerJson(response, 200, { status: 'ok' }));
    const error = await thrownBy(provider.createSandbox({ language: 'python' }));
    expect(executor.requests.map(({ path }) => path).slice(0, 2)).toEqual(['/v1/capabilities', '/healthz']);
    expect(executor.requestsOf('POST /v1/sandboxes')).toEqual([]);
    expect(error.code).not.toBe('RESPONSE_INVALID');
  });

  test.each([
    ['has another health', { status: 'fine' }],
    ['says more', { status: 'ok', version: 1 }],
  ])('is neither when it %s', async (_name, health) => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    executor.play(CAPABILITIES, notFound);
    executor.play(HEALTH, (_request, response) => answerJson(response, 200, health));
    expect((await thrownBy(provider.createSandbox({ language: 'python' }))).code).toBe('RESPONSE_INVALID');
  });

  test('is asked again after a failure, and for whoever did not give up', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    let isUp = false;
    executor.play(CAPABILITIES, (_request, response) => {
      if (!isUp) response.writeHead(502).end();
      else setTimeout(() => answerJson(response, 200, { service: 'sandport-executor' }), 300);
    });
    expect((await thrownBy(provider.createSandbox({ language: 'python' }))).code).toBe('PROVIDER_UNAVAILABLE');
    isUp = true;
    const givesUp = thrownBy(provider.createSandbox({ language: 'python' }, { signal: AbortSignal.timeout(50) }));
    const waits = provider.createSandbox({ language: 'python' });
    expect((await givesUp).code).toBe('CANCELLED');
    expect((await waits).language).toBe('python');
  });
});

describe.concurrent('several executors', () => {
  test('make sandboxes in turn, and each call goes to where its sandbox lives', async () => {
    await using first = await PlayedExecutor.start();
    await using second = await PlayedExecutor.start();
    await using provider = first.provider({ endpoints: [second.url], protocol: 'sandport' });
    const sandboxes = [];
    for (let n = 0; n < 4; n += 1) sandboxes.push(await provider.createSandbox({ language: 'python' }));
    await Promise.all(sandboxes.map((sandbox) => sandbox.execute({ code: '' })));
    for (const executor of [first, second]) {
      expect([executor.heldSandboxes, executor.requestsOf('POST /v1/sandboxes/*/executions').length]).toEqual([2, 2]);
    }
  });

  test.each([
    ['is away', (executor: PlayedExecutor) => executor[Symbol.asyncDispose]()],
    ['is stopping', (executor: PlayedExecutor) => refuse(executor, 'STOPPING')],
    ['has enough to do', (executor: PlayedExecutor) => refuse(executor, 'TOO_MANY_REQUESTS')],
  ])('stand in for one that %s', async (_name, spoil) => {
    const first = await PlayedExecutor.start();
    await using second = await PlayedExecutor.start();
    await using provider = first.provider({ endpoints: [second.url], protocol: 'sandport' });
    await spoil(first);
    for (let n = 0; n < 3; n += 1) await provider.createSandbox({ language: 'python', reconnectable: n === 1 });
    expect(second.requestsOf('POST /v1/sandboxes')).toHaveLength(3);
    await first[Symbol.asyncDispose]();
  });

  test('are not asked in place of one that refuses the request itself', async () => {
    await using first = await PlayedExecutor.start();
    await using second = await PlayedExecutor.start();
    await using provider = first.provider({ endpoints: [second.url], protocol: 'sandport' });
    await refuse(first, 'UNAUTHENTICATED');
    expect((await thrownBy(provider.createSandbox({ language: 'python' }))).code).toBe('AUTHENTICATION_FAILED');
    expect(second.requests).toEqual([]);
  });

  test('are asked for a sandbox until one has it', async () => {
    await using first = await PlayedExecutor.start();
    await using second = await PlayedExecutor.start();
    await using provider = first.provider({ endpoints: [second.url], protocol: 'sandport' });
    const route = 'POST /v1/sandboxes/*/connection';
    const problem = {
      type: 'urn:sandport:problem:sandbox-not-found',
      title: '',
      status: 404,
      code: 'SANDBOX_NOT_FOUND',
      detail: 'no',
      retryable: false,
    };
    first.play(route, (_request, response) => answerJson(response, 404, problem, MEDIA_TYPES.problem));
    expect((await provider.connectSandbox('a')).id).toBe('a');
    second.play(route, (_request, response) => answerJson(response, 404, problem, MEDIA_TYPES.problem));
    expect((await thrownBy(provider.connectSandbox('a'))).code).toBe('SANDBOX_NOT_FOUND');
    second.play(route, (_request, response) => void response.writeHead(502).end());
    expect((await thrownBy(provider.connectSandbox('a'))).code).toBe('PROVIDER_UNAVAILABLE');
    const asked = first.requests.length;
    for (const id of ['', '.', '..', 'a\nb', 'x'.repeat(257)])
      expect((await thrownBy(provider.connectSandbox(id))).code).toBe('SANDBOX_NOT_FOUND');
    expect(first.requests).toHaveLength(asked);
    await thrownBy(provider.connectSandbox('a/b?c=d#e'));
    expect(first.requests.at(-1)?.path).toBe('/v1/sandboxes/a%2Fb%3Fc%3Dd%23e/connection');
  });
});

describe.concurrent('health', () => {
  test('says what an executor is, what it says of itself, and that a program ran', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    executor.play('GET /readyz', (_request, response) => {
      const checks = [
        { name: 'provider', status: 'ok', message: 'fine' },
        { name: 'disk', status: 'failed', message: 'full', remedy: 'Make room.' },
      ];
      answerJson(response, 503, { status: 'not-ready', checks });
    });
    const report = await provider.checkHealth();
    expect(report.checks).toMatchObject([
      { name: 'executor', status: 'ok' },
      { name: 'executor.provider', status: 'ok' },
      { name: 'executor.disk', status: 'warning', remedy: 'Make room.' },
      // What is played runs no program.
      { name: 'run.python', status: 'failed' },
    ]);
    expect(report.status).toBe('unhealthy');
  });

  test('names what is wrong, and does not throw', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    executor.play(CAPABILITIES, (_request, response) => {
      answerJson(response, 401, toServiceProblem('UNAUTHENTICATED', 'no'), MEDIA_TYPES.problem);
    });
    expect(await provider.checkHealth()).toMatchObject({ status: 'unhealthy', checks: [{ name: 'executor', status: 'failed' }] });
    await using nowhere = createProvider(selfManagedProvider, { endpoint: 'http://no-such-host.invalid', maxRetries: 0 });
    expect(await nowhere.checkHealth()).toMatchObject({ status: 'unhealthy', checks: [{ name: 'executor', status: 'failed' }] });
  });

  test('takes one of several that is away for a warning', async () => {
    await using first = await PlayedExecutor.start();
    await using second = await PlayedExecutor.start();
    await using provider = first.provider({ endpoints: [second.url], protocol: 'sandport' });
    second.play(CAPABILITIES, (_request, response) => void response.writeHead(502).end());
    const { checks } = await provider.checkHealth();
    expect(checks).toContainEqual(expect.objectContaining({ name: `executor.${second.host}`, status: 'warning' }));
  });
});

function refuse(executor: PlayedExecutor, code: 'STOPPING' | 'TOO_MANY_REQUESTS' | 'UNAUTHENTICATED'): Promise<void> {
  const problem = toServiceProblem(code, 'no');
  executor.play('POST /v1/sandboxes', (_request, response) => answerJson(response, problem.status, problem, MEDIA_TYPES.problem));
  return Promise.resolve();
}
