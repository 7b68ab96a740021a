import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createProvider, SandboxError } from '@sandport/core';
import { MEDIA_TYPES, toProblem, toServiceProblem, type ServiceProblemCode } from '@sandport/executor-api';
import { describe, expect, test } from 'vitest';
import { selfManagedProvider } from '../src/index.ts';
import { answerJson, PlayedExecutor, type PlayedRoute } from './played-executor.ts';
import { thrownBy } from './thrown-by.ts';
import { until } from './until.ts';

const page = (status: number, headers: Record<string, string> = {}): PlayedRoute => {
  return (_request, response) => void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<h1>gateway</h1>');
};
const ofService = (code: ServiceProblemCode, more = {}): PlayedRoute => {
  const problem = toServiceProblem(code, 'said by the executor', more);
  return (_request, response) => answerJson(response, problem.status, problem, MEDIA_TYPES.problem);
};
const ofContract = (error: SandboxError): PlayedRoute => {
  const problem = toProblem(error);
  return (_request, response) => answerJson(response, problem.status, problem, MEDIA_TYPES.problem);
};

const cases: readonly (readonly [string, PlayedRoute, object])[] = [
  ['401', ofService('UNAUTHENTICATED'), { code: 'AUTHENTICATION_FAILED', details: { reason: 'token-missing' } }],
  ['403', ofService('FORBIDDEN'), { code: 'AUTHENTICATION_FAILED', details: { reason: 'forbidden' } }],
  ['404', ofService('NOT_FOUND'), { code: 'RESPONSE_INVALID', details: { reason: 'other-service' } }],
  ['413', ofService('BODY_TOO_LARGE'), { code: 'REQUEST_INVALID' }],
  ['415', ofService('MEDIA_TYPE_UNSUPPORTED'), { code: 'RESPONSE_INVALID' }],
  ['429', ofService('TOO_MANY_REQUESTS', { retryAfterMs: 2500 }), { code: 'RATE_LIMITED', retryAfterMs: 2500 }],
  ['429 of a gateway', page(429, { 'retry-after': '3' }), { code: 'RATE_LIMITED', retryAfterMs: 3000 }],
  ['503 while it stops', ofService('STOPPING'), { code: 'PROVIDER_UNAVAILABLE', details: { reason: 'stopping' } }],
  ['502 of a gateway', page(502), { code: 'PROVIDER_UNAVAILABLE' }],
  ['503 of a gateway', page(503), { code: 'PROVIDER_UNAVAILABLE' }],
  ['504 of a gateway', page(504), { code: 'PROVIDER_UNAVAILABLE' }],
  ['500', page(500), { code: 'PROVIDER_UNAVAILABLE' }],
  ['400 without a word', page(400), { code: 'RESPONSE_INVALID' }],
  ['a page', page(200), { code: 'RESPONSE_INVALID', details: { failureCode: 'NOT_EVENTS' } }],
  [
    'a redirect',
    page(307, { location: 'http://127.0.0.1:1/' }),
    { code: 'RESPONSE_INVALID', details: { reason: 'redirected', httpStatus: 307 } },
  ],
  [
    'an error of the contract, as one of this provider',
    ofContract(
      new SandboxError('CAPACITY_EXHAUSTED', 'full', { providerId: 'docker', retryAfterMs: 700, details: { field: 'maxWaitMs' } }),
    ),
    { code: 'CAPACITY_EXHAUSTED', message: 'full', retryAfterMs: 700, details: { field: 'maxWaitMs' } },
  ],
  ['a fault of the executor', ofContract(new SandboxError('INTERNAL', 'x')), { code: 'INTERNAL' }],
  [
    'a connection that is cut',
    (request) => void request.socket.destroy(),
    { code: 'PROVIDER_UNAVAILABLE', details: { reason: 'unreachable' } },
  ],
  ['what is no HTTP', (request) => void request.socket.end('hello\r\n\r\n'), { code: 'PROVIDER_UNAVAILABLE' }],
];

const expected = (wanted: object): object => ({ providerId: 'self_managed', suggestion: expect.any(String) as unknown, ...wanted });

describe.concurrent('what an executor answers', () => {
  test.each(cases)('%s, when a sandbox is made', async (_name, played, wanted) => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider({ protocol: 'sandport' });
    executor.play('POST /v1/sandboxes', played);
    expect(await thrownBy(provider.createSandbox({ language: 'python' }))).toMatchObject(
      expected({ operation: 'create sandbox', ...wanted }),
    );
  });

  test.each(cases)('%s, when a program is to run', async (_name, played, wanted) => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider({ protocol: 'sandport' });
    const sandbox = await provider.createSandbox({ language: 'python' });
    executor.play('POST /v1/sandboxes/*/executions', played);
    expect(await thrownBy(sandbox.execute({ code: '' }))).toMatchObject(expected({ operation: 'execute', ...wanted }));
    expect(executor.requestsOf('POST /v1/sandboxes/*/executions')).toHaveLength(1);
  });

  test.each([
    ['a file', 'GET /v1/sandboxes/*/file', 'FILE_NOT_FOUND'],
    ['a sandbox that has ended meanwhile', 'GET /v1/sandboxes/*/file', 'SANDBOX_NOT_FOUND'],
    ['a sandbox that another has', 'GET /v1/sandboxes/*/file', 'SANDBOX_CLOSED'],
  ] as const)('%s', async (_name, route, code) => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    const sandbox = await provider.createSandbox({ language: 'python' });
    executor.play(route, ofContract(new SandboxError(code, 'gone')));
    const found = await thrownBy(sandbox.readFile('a'));
    expect(found.code).toBe(code === 'SANDBOX_NOT_FOUND' ? 'SANDBOX_CLOSED' : code);
  });
});

describe.concurrent('an executor that cannot be reached', () => {
  test('refuses connections', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await new Promise((resolve) => taken.close(resolve));
    await using provider = createProvider(selfManagedProvider, { endpoint: `http://127.0.0.1:${port}`, maxRetries: 0 });
    const error = await thrownBy(provider.createSandbox({ language: 'python' }));
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', details: { host: `127.0.0.1:${port}`, failureCode: 'ECONNREFUSED' } });
  });

  test('has a name that leads nowhere', async () => {
    await using provider = createProvider(selfManagedProvider, { endpoint: 'http://no-such-host.invalid', maxRetries: 0 });
    const error = await thrownBy(provider.createSandbox({ language: 'python' }));
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', details: { reason: 'unknown-host' } });
  });

  test('speaks no TLS where it should', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = createProvider(selfManagedProvider, { endpoint: executor.url.replace('http:', 'https:'), maxRetries: 0 });
    const error = await thrownBy(provider.createSandbox({ language: 'python' }));
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', details: { reason: 'untrusted' } });
  });

  test('does not answer in time', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider({ protocol: 'sandport', requestTimeoutMs: 1000 });
    executor.play('POST /v1/sandboxes', () => undefined);
    const error = await thrownBy(provider.createSandbox({ language: 'python', maxWaitMs: 0 }));
    expect(error.code).toBe('DEADLINE_EXCEEDED');
    await until(() => executor.openSockets === 0);
  });
});
