import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionRequestInput, Sandbox } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { beginEvents, PlayedExecutor, resultJson, writeEvent, type PlayedRoute } from './played-executor.ts';
import { thrownBy } from './thrown-by.ts';
import { until } from './until.ts';

const EXECUTIONS = 'POST /v1/sandboxes/*/executions';
const WITHDRAWALS = 'DELETE /v1/executions/*';
/** The contract's own bound, and a little for a crowded machine. */
const SETTLED_MS = 1300;

interface Played {
  readonly executor: PlayedExecutor;
  readonly sandbox: Sandbox;
}

async function withSandbox(play: (executor: PlayedExecutor) => void, use: (played: Played) => Promise<void>, config = {}): Promise<void> {
  await using executor = await PlayedExecutor.start();
  const provider = executor.provider({ protocol: 'sandport', ...config });
  const sandbox = await provider.createSandbox({ language: 'python' });
  play(executor);
  await use({ executor, sandbox });
  await provider.close();
  await until(() => executor.openSockets === 0);
}

/** A program that goes on until it is withdrawn. */
const running =
  (executor: PlayedExecutor): PlayedRoute =>
  (_request, response) => {
    beginEvents(response);
    writeEvent(response, { type: 'accepted', id: executor.hold(response) });
    writeEvent(response, { type: 'output', stream: 'stdout', text: 'begun\n' });
  };

/** Makes the call and withdraws it when the program has begun. */
async function withdrawn(
  sandbox: Sandbox,
  request: Partial<ExecutionRequestInput> = {},
): Promise<{ settledMs: number; call: Promise<unknown> }> {
  const controller = new AbortController();
  let abortedAt = 0;
  const onOutput = (): void => {
    abortedAt = performance.now();
    controller.abort();
  };
  const call = sandbox.execute({ code: '', onOutput, ...request }, { signal: controller.signal });
  await Promise.allSettled([call]);
  return { settledMs: performance.now() - abortedAt, call };
}

describe.concurrent('a call that is withdrawn', () => {
  test('before it was made reaches nobody', async () => {
    await withSandbox(
      () => undefined,
      async ({ executor, sandbox }) => {
        const error = await thrownBy(sandbox.execute({ code: '' }, { signal: AbortSignal.abort() }));
        expect([error.code, executor.requestsOf(EXECUTIONS)]).toEqual(['CANCELLED', []]);
      },
    );
  });

  test('before it was accepted is broken off', async () => {
    let isCut = false;
    await withSandbox(
      (executor) => executor.play(EXECUTIONS, (request) => void request.socket.once('close', () => (isCut = true))),
      async ({ executor, sandbox }) => {
        const controller = new AbortController();
        const call = thrownBy(sandbox.execute({ code: '' }, { signal: controller.signal }));
        await until(() => executor.requestsOf(EXECUTIONS).length === 1);
        controller.abort();
        expect((await call).code).toBe('CANCELLED');
        await until(() => isCut);
        expect(executor.requestsOf(WITHDRAWALS)).toEqual([]);
      },
    );
  });

  test('while its program runs is told how that ended', async () => {
    await withSandbox(
      (executor) => executor.play(EXECUTIONS, running(executor)),
      async ({ executor, sandbox }) => {
        const { call, settledMs } = await withdrawn(sandbox);
        expect(await call).toMatchObject({ status: 'cancelled', providerId: 'self_managed' });
        expect(settledMs).toBeLessThan(SETTLED_MS);
        expect(executor.requestsOf(WITHDRAWALS)).toHaveLength(1);
      },
    );
  });

  test.each([
    ['does not answer', (): void => undefined],
    ['answers wrongly', ((_request, response) => void response.writeHead(500).end()) satisfies PlayedRoute],
    ['cuts the connection', ((request) => void request.socket.destroy()) satisfies PlayedRoute],
    ['says yes and does nothing', ((_request, response) => void response.writeHead(204).end()) satisfies PlayedRoute],
  ])('settles within a second, also when the executor %s', async (_name, route) => {
    let isCut = false;
    await withSandbox(
      (executor) => {
        executor.play(WITHDRAWALS, route);
        executor.play(EXECUTIONS, (request, response, seen) => {
          request.socket.once('close', () => (isCut = true));
          running(executor)(request, response, seen);
        });
      },
      async ({ sandbox }) => {
        const { call, settledMs } = await withdrawn(sandbox);
        expect((await thrownBy(call)).code).toBe('CANCELLED');
        expect(settledMs).toBeLessThan(SETTLED_MS);
        await until(() => isCut);
      },
    );
  });

  test('may have been faster', async () => {
    await withSandbox(
      (executor) => {
        executor.play(EXECUTIONS, (_request, response) => {
          beginEvents(response);
          writeEvent(response, { type: 'accepted', id: 'e' });
          writeEvent(response, { type: 'output', stream: 'stdout', text: 'x' });
          executor.finish(response, { type: 'result', result: resultJson({ stdout: 'x' }) });
        });
      },
      async ({ sandbox }) => expect(await (await withdrawn(sandbox)).call).toMatchObject({ status: 'completed' }),
    );
  });

  test('lets go of its input', async () => {
    let isAsked = false;
    let isLetGo = false;
    const stdin = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          isAsked = true;
          return new Promise<never>(() => undefined);
        },
        return: () => {
          isLetGo = true;
          return Promise.resolve({ done: true as const, value: undefined });
        },
      }),
    };
    await withSandbox(
      (executor) => {
        executor.play(EXECUTIONS, running(executor));
        executor.play('PUT /v1/executions/*/input', () => undefined);
      },
      async ({ sandbox }) => {
        const controller = new AbortController();
        const call = sandbox.execute({ code: '', stdin }, { signal: controller.signal });
        await until(() => isAsked);
        controller.abort();
        expect(await call).toMatchObject({ status: 'cancelled' });
        await until(() => isLetGo);
      },
    );
  });

  test('while it waits for its turn leaves the one before it alone', async () => {
    await withSandbox(
      (executor) => executor.play(EXECUTIONS, running(executor)),
      async ({ executor, sandbox }) => {
        const controller = new AbortController();
        const first = sandbox.execute({ code: '1' }, { signal: controller.signal });
        await until(() => executor.requestsOf(EXECUTIONS).length === 1);
        const second = await thrownBy(sandbox.execute({ code: '2' }, { signal: AbortSignal.timeout(100) }));
        expect([second.code, executor.requestsOf(EXECUTIONS)]).toMatchObject(['CANCELLED', [{}]]);
        await delay(50);
        controller.abort();
        expect(await first).toMatchObject({ status: 'cancelled' });
      },
    );
  });

  test('while a sandbox is made leaves none', async () => {
    let isCut = false;
    await withSandbox(
      () => undefined,
      async ({ executor }) => {
        executor.play('POST /v1/sandboxes', (request) => void request.socket.once('close', () => (isCut = true)));
        await using provider = executor.provider();
        const controller = new AbortController();
        const call = thrownBy(provider.createSandbox({ language: 'python' }, { signal: controller.signal }));
        await until(() => executor.requestsOf('POST /v1/sandboxes').length === 2);
        controller.abort();
        expect((await call).code).toBe('CANCELLED');
        await until(() => isCut);
      },
    );
  });

  test('while a file is written or read is broken off', async () => {
    await withSandbox(
      (executor) => {
        executor.play('PUT /v1/sandboxes/*/file', () => undefined);
        executor.play('GET /v1/sandboxes/*/file', (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '1000' });
          response.write('half');
        });
      },
      async ({ sandbox }) => {
        const endless = (async function* pieces() {
          for (;;) {
            yield Buffer.alloc(1000);
            await delay(5);
          }
        })();
        for (const call of [
          sandbox.writeFile('a', 'text', { signal: AbortSignal.timeout(100) }),
          sandbox.writeFile('a', endless, { signal: AbortSignal.timeout(200) }),
          sandbox.readFile('a', { signal: AbortSignal.timeout(300) }),
        ]) {
          expect((await thrownBy(call)).code).toBe('CANCELLED');
        }
      },
    );
  });
});

describe.concurrent('a call that fails here', () => {
  test.each([
    ['throws', (): never => raise()],
    ['is rejected', async (): Promise<never> => raise()],
  ])('withdraws its program when the listener %s', async (_name, onOutput) => {
    await withSandbox(
      (executor) => executor.play(EXECUTIONS, running(executor)),
      async ({ executor, sandbox }) => {
        await expect(sandbox.execute({ code: '', onOutput })).rejects.toBe(GIVEN_UP);
        expect(executor.requestsOf(WITHDRAWALS)).toHaveLength(1);
      },
    );
  });

  test('withdraws its program when the input fails, and names a piece that is none', async () => {
    await withSandbox(
      (executor) => {
        executor.play(EXECUTIONS, running(executor));
        executor.play('PUT /v1/executions/*/input', () => undefined);
      },
      async ({ executor, sandbox }) => {
        const failing = (async function* pieces() {
          yield 'one';
          await delay(20);
          raise();
        })();
        await expect(sandbox.execute({ code: '', stdin: failing })).rejects.toBe(GIVEN_UP);
        const wrong = (async function* pieces() {
          yield 42 as unknown as string;
        })();
        const error = await thrownBy(sandbox.execute({ code: '', stdin: wrong }));
        expect(error).toMatchObject({ code: 'REQUEST_INVALID', details: { field: 'stdin' } });
        expect(executor.requestsOf(WITHDRAWALS)).toHaveLength(2);
      },
    );
  });

  test('withdraws its program when nothing comes in time', async () => {
    await withSandbox(
      (executor) => executor.play(EXECUTIONS, running(executor)),
      async ({ executor, sandbox }) => {
        const error = await thrownBy(sandbox.execute({ code: '', limits: { timeoutMs: 100 } }));
        expect([error.code, executor.requestsOf(WITHDRAWALS).length]).toEqual(['DEADLINE_EXCEEDED', 1]);
      },
      { requestTimeoutMs: 1000 },
    );
  });

  test('reads past a listener that takes nothing, when the time of the program is over', async () => {
    await withSandbox(
      (executor) =>
        executor.play(EXECUTIONS, (_request, response) => {
          beginEvents(response);
          writeEvent(response, { type: 'accepted', id: 'e' });
          for (let n = 0; n < 100; n += 1) writeEvent(response, { type: 'output', stream: 'stdout', text: 'x' });
          const evidence = [{ kind: 'timer', observer: 'host', limitMs: 200, elapsedMs: 201 }];
          executor.finish(response, { type: 'result', result: resultJson({ status: 'timed-out', exitCode: null, evidence }) });
        }),
      async ({ sandbox }) => {
        let told = 0;
        const onOutput = (): Promise<void> => {
          told += 1;
          return new Promise(() => undefined);
        };
        expect(await sandbox.execute({ code: '', onOutput, limits: { timeoutMs: 200 } })).toMatchObject({ status: 'timed-out' });
        expect(told).toBe(1);
      },
    );
  });
});

const GIVEN_UP = new Error('given up');

function raise(): never {
  throw GIVEN_UP;
}
