import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createProvider, toErrorPayload, type SandboxProvider } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { selfManagedProvider } from '../src/index.ts';
import { answerJson, beginEvents, connectionOf, PlayedExecutor, writeEvent } from './played-executor.ts';
import { thrownBy } from './thrown-by.ts';
import { until } from './until.ts';

const SANDBOXES = 'POST /v1/sandboxes';
const DESTRUCTIONS = 'DELETE /v1/sandboxes/*';
const EXECUTIONS = 'POST /v1/sandboxes/*/executions';

async function withProvider(
  use: (executor: PlayedExecutor, provider: SandboxProvider) => Promise<void>,
  config: object = {},
): Promise<void> {
  await using executor = await PlayedExecutor.start();
  const provider = executor.provider({ protocol: 'sandport', ...config });
  await use(executor, provider);
  await provider.close();
  await until(() => executor.openSockets === 0);
}

describe.concurrent('a sandbox', () => {
  test('lives by an open answer, ends by a request, and leaves its connection to others', async () => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({
        language: 'python',
        lifetimeMs: 5000,
        idleTimeoutMs: 1000,
        limits: { memoryBytes: 2 ** 27 },
      });
      expect(JSON.parse(executor.requestsOf(SANDBOXES)[0]?.body ?? '')).toEqual({
        language: 'python',
        lifetimeMs: 5000,
        idleTimeoutMs: 1000,
        limits: { memoryBytes: 2 ** 27 },
      });
      expect(executor.heldSandboxes).toBe(1);
      await sandbox.destroy();
      await sandbox.destroy();
      expect([executor.requestsOf(DESTRUCTIONS).length, executor.heldSandboxes]).toEqual([1, 0]);
      expect((await thrownBy(sandbox.execute({ code: '' }))).code).toBe('SANDBOX_CLOSED');
      expect((await thrownBy(sandbox.readFile('a'))).code).toBe('SANDBOX_CLOSED');
      for (let n = 0; n < 9; n += 1) await (await provider.createSandbox({ language: 'python' })).destroy();
      expect(executor.openSockets).toBeLessThan(5);
    });
  });

  test('ends with its answer, when the executor does not end it otherwise', async () => {
    await withProvider(
      async (executor, provider) => {
        executor.play(DESTRUCTIONS, () => undefined);
        const sandbox = await provider.createSandbox({ language: 'python' });
        await sandbox.destroy();
        await until(() => executor.heldSandboxes === 0);
      },
      { requestTimeoutMs: 1000 },
    );
  });

  test.each([
    ['is cut', (executor: PlayedExecutor) => executor.cut()],
    ['says so', undefined],
  ])('is over when its answer %s, and settles what ran', async (_name, end) => {
    await withProvider(async (executor, provider) => {
      let finish = (): void => undefined;
      executor.play(SANDBOXES, (_request, response) => {
        beginEvents(response);
        writeEvent(response, { type: 'sandbox', sandbox: { id: 's', connection: 'c', language: 'python', expiresAtMs: null } });
        finish = () => executor.finish(response, { type: 'ended' });
      });
      executor.play(EXECUTIONS, (_request, response) => {
        beginEvents(response);
        writeEvent(response, { type: 'accepted', id: 'e' });
      });
      const sandbox = await provider.createSandbox({ language: 'python' });
      const call = thrownBy(sandbox.execute({ code: '' }));
      await until(() => executor.requestsOf(EXECUTIONS).length === 1);
      await delay(50);
      (end ?? finish)(executor);
      expect((await call).code).toBe(end === undefined ? 'SANDBOX_CLOSED' : 'PROVIDER_UNAVAILABLE');
      await until(async () => (await thrownBy(sandbox.execute({ code: '' }))).code === 'SANDBOX_CLOSED');
      await sandbox.destroy();
    });
  });

  test('is lost when its answer falls silent', { timeout: 40_000 }, async () => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({ language: 'python' });
      executor.play(EXECUTIONS, (_request, response) => {
        beginEvents(response);
        writeEvent(response, { type: 'accepted', id: 'e' });
      });
      const error = await thrownBy(sandbox.execute({ code: '', limits: { timeoutMs: 60_000 } }));
      expect(error.code).toBe('PROVIDER_UNAVAILABLE');
      expect((await thrownBy(sandbox.execute({ code: '' }))).code).toBe('SANDBOX_CLOSED');
      await until(() => executor.heldSandboxes === 0);
    });
  });

  test('that others may connect to outlives its provider', async () => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({ language: 'python', reconnectable: true });
      await provider.close();
      expect(executor.requestsOf(DESTRUCTIONS)).toEqual([]);
      expect((await thrownBy(sandbox.execute({ code: '' }))).code).toBe('SANDBOX_CLOSED');
      expect((await thrownBy(provider.createSandbox({ language: 'python' }))).code).toBe('SANDBOX_CLOSED');
      expect((await thrownBy(provider.connectSandbox('x'))).code).toBe('SANDBOX_CLOSED');
      await using other = executor.provider();
      const again = await other.connectSandbox(sandbox.id);
      await again.execute({ code: '' });
      await again.destroy();
      const [call, destruction] = [executor.requestsOf(EXECUTIONS)[0], executor.requestsOf(DESTRUCTIONS)[0]];
      expect(call && connectionOf(call)).toBe(destruction && connectionOf(destruction));
    });
  });

  test('whose destruction fails and that lives by nothing here says so, and can be destroyed again', async () => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({ language: 'python', reconnectable: true });
      let isBroken = true;
      executor.play(DESTRUCTIONS, (_request, response) => void response.writeHead(isBroken ? 502 : 204).end());
      expect((await thrownBy(sandbox.destroy())).code).toBe('PROVIDER_UNAVAILABLE');
      isBroken = false;
      await sandbox.destroy();
      expect(executor.requestsOf(DESTRUCTIONS)).toHaveLength(2);
    });
  });

  test('ends with its provider, and what runs in it is settled', async () => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({ language: 'python' });
      executor.play(EXECUTIONS, (_request, response) => {
        beginEvents(response);
        writeEvent(response, { type: 'accepted', id: 'e' });
      });
      const call = thrownBy(sandbox.execute({ code: '' }));
      await until(() => executor.requestsOf(EXECUTIONS).length === 1);
      await provider.close();
      expect((await call).code).toBe('SANDBOX_CLOSED');
      expect(executor.heldSandboxes).toBe(0);
    });
  });
});

describe.concurrent('a request', () => {
  test('carries what the caller wrote, and no default of ours', async () => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({ language: 'python', tenant: 'acme' });
      await sandbox.execute({ code: 'x' });
      await sandbox.execute({
        code: 'x',
        limits: { timeoutMs: 30_000, memoryBytes: 2 ** 27 },
        stdin: 'in',
        files: { a: 'b' },
        environment: { A: 'b' },
      });
      const [plain, whole] = executor.requestsOf(EXECUTIONS).map(({ body }) => JSON.parse(body) as unknown);
      expect(plain).toEqual({ code: 'x', language: 'python', followOutput: false });
      expect(whole).toEqual({
        code: 'x',
        language: 'python',
        followOutput: false,
        limits: { timeoutMs: 30_000, memoryBytes: 2 ** 27 },
        stdin: { base64: 'aW4=' },
        files: { a: { base64: 'Yg==' } },
        environment: { A: 'b' },
      });
      for (const { headers } of executor.requests) expect(headers['sandport-tenant']).toBe('acme');
    });
  });

  test('carries the longest time of the configuration, where that is below the contract’s default', async () => {
    await withProvider(
      async (executor, provider) => {
        const sandbox = await provider.createSandbox({ language: 'python' });
        await sandbox.execute({ code: 'x' });
        expect(JSON.parse(executor.requestsOf(EXECUTIONS)[0]?.body ?? '')).toMatchObject({ limits: { timeoutMs: 5000 } });
        expect(executor.requests.every(({ headers }) => headers['sandport-tenant'] === undefined)).toBe(true);
      },
      { timeoutMs: 5000 },
    );
  });

  test('is repeated where it may be, and never where a program would run twice', async () => {
    await withProvider(
      async (executor, provider) => {
        const sandbox = await provider.createSandbox({ language: 'python' });
        for (const route of ['GET /v1/sandboxes/*/file', 'PUT /v1/sandboxes/*/lifetime', EXECUTIONS, 'POST /v1/sandboxes/*/contexts']) {
          executor.play(route, (_request, response) => void response.writeHead(503).end());
        }
        await Promise.all([thrownBy(sandbox.extend(1000)), thrownBy(sandbox.execute({ code: '' })), thrownBy(sandbox.createContext())]);
        expect(executor.requestsOf('PUT /v1/sandboxes/*/lifetime')).toHaveLength(3);
        expect(executor.requestsOf(EXECUTIONS)).toHaveLength(1);
        expect(executor.requestsOf('POST /v1/sandboxes/*/contexts')).toHaveLength(1);
      },
      { maxRetries: 2 },
    );
  });
});

test('the token is in its header, and nowhere else', async () => {
  const token = 'spx_nobody-may-see-this';
  await using executor = await PlayedExecutor.start();
  const provider = createProvider(selfManagedProvider, { endpoint: executor.url, token, maxRetries: 0 });
  const sandbox = await provider.createSandbox({ language: 'python' });
  const result = await sandbox.execute({ code: '' });
  const echo = {
    type: 'urn:sandport:problem:internal',
    title: 't',
    status: 500,
    code: 'INTERNAL',
    detail: `Bearer ${token}`,
    retryable: false,
  };
  executor.play(EXECUTIONS, (_request, response) => answerJson(response, 500, echo, 'application/problem+json'));
  const error = await thrownBy(sandbox.execute({ code: '' }));
  executor.cut();
  const lost = await thrownBy(sandbox.readFile('a'));
  const report = await provider.checkHealth();
  for (const { headers, ...request } of executor.requests) {
    expect(headers.authorization).toBe(`Bearer ${token}`);
    expect(JSON.stringify({ ...request, headers: { ...headers, authorization: '' } })).not.toContain(token);
  }
  await provider.close();
  const shown = { provider, sandbox, result, error, lost, report, payloads: [toErrorPayload(error), toErrorPayload(lost)] };
  expect(inspect(shown, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })).not.toContain(token);
  expect(error.message).toContain('[redacted]');
});

describe.concurrent('a file', () => {
  test.each([
    ['breaks off', { 'content-length': '1000' }, 'PROVIDER_UNAVAILABLE'],
    ['has no known end', { 'transfer-encoding': 'identity', connection: 'close' }, 'RESPONSE_INVALID'],
    ['is a page', { 'content-type': 'text/html' }, 'RESPONSE_INVALID'],
  ])('that %s is not taken for whole', async (_name, headers, code) => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({ language: 'python' });
      executor.play('GET /v1/sandboxes/*/file', (request) => {
        const head = Object.entries({ 'content-type': 'application/octet-stream', ...headers }).filter(([, value]) => value !== 'identity');
        request.socket.end(`HTTP/1.1 200 OK\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\nhalf`);
      });
      expect((await thrownBy(sandbox.readFile('a b/ü'))).code).toBe(code);
      expect(executor.requestsOf('GET /v1/sandboxes/*/file')).toHaveLength(1);
    });
  });

  test('that is not taken is not waited for without end, and its stream is let go of', async () => {
    await withProvider(
      async (executor, provider) => {
        let goOn = (): void => undefined;
        executor.play('PUT /v1/sandboxes/*/file', (request) => {
          request.pause();
          goOn = () => void request.resume();
        });
        const sandbox = await provider.createSandbox({ language: 'python' });
        let isLetGo = false;
        const endless = (async function* pieces() {
          try {
            for (;;) yield Buffer.alloc(65_536);
          } finally {
            isLetGo = true;
          }
        })();
        expect((await thrownBy(sandbox.writeFile('a', endless))).code).toBe('DEADLINE_EXCEEDED');
        await until(() => isLetGo);
        // Who reads nothing does not see the end either.
        goOn();
      },
      { requestTimeoutMs: 1000 },
    );
  });
});
