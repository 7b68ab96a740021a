import { describe, expect, test } from 'vitest';
import { answerJson, beginEvents, resultJson, writeEvent } from './played-executor.ts';
import { thrownBy } from './thrown-by.ts';
import { until } from './until.ts';
import { withProvider } from './with-provider.ts';

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

describe.concurrent('a context', () => {
  test('is made, runs cells, is interrupted and ended at the addresses of the wire', async () => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({ language: 'python' });
      const cells = 'POST /v1/sandboxes/*/contexts/*/executions';
      executor.play(cells, (_request, response) => {
        beginEvents(response);
        writeEvent(response, { type: 'accepted', id: 'e' });
        executor.finish(response, { type: 'result', result: resultJson({ value: 2, valueJson: '2' }) });
      });
      for (const route of ['POST /v1/sandboxes/*/contexts/*/interrupt', 'DELETE /v1/sandboxes/*/contexts/*']) {
        executor.play(route, (_request, response) => void response.writeHead(204).end());
      }
      const notebook = await sandbox.createContext();
      expect(await notebook.execute({ code: '1 + 1', limits: { timeoutMs: 700 } })).toMatchObject({ status: 'completed', value: 2 });
      await notebook.interrupt();
      await notebook.destroy();
      const [cell, interruption, end] = executor.requests.slice(-3);
      const path = `/v1/sandboxes/${sandbox.id}/contexts/context-1`;
      expect([cell?.path, interruption?.path, end?.path]).toEqual([`${path}/executions`, `${path}/interrupt`, path]);
      expect(JSON.parse(cell?.body ?? '')).toEqual({ code: '1 + 1', limits: { timeoutMs: 700 }, followOutput: false });
      await sandbox.destroy();
      await notebook.destroy();
      expect((await thrownBy(notebook.interrupt())).code).toBe('SANDBOX_CLOSED');
    });
  });

  test.each([
    ['no id', {}, 'id'],
    ['an id that is none', { id: '../..' }, 'id'],
  ])('that is answered with %s is none', async (_name, answer, field) => {
    await withProvider(async (executor, provider) => {
      const sandbox = await provider.createSandbox({ language: 'python' });
      executor.play('POST /v1/sandboxes/*/contexts', (_request, response) => answerJson(response, 201, answer));
      const error = await thrownBy(sandbox.createContext());
      expect(error).toMatchObject({ code: 'RESPONSE_INVALID', details: { field } });
    });
  });
});
