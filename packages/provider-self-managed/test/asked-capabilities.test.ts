import { RAGFLOW_HEALTH, toServiceProblem, MEDIA_TYPES } from '@sandport/executor-api';
import type { ProviderCapabilities } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { answerJson, PlayedExecutor } from './played-executor.ts';
import { thrownBy } from './thrown-by.ts';

const ROUTE = 'GET /v1/capabilities';

/** Lets an executor say that it can do so much less than ours could. */
function tell(executor: PlayedExecutor, own: ProviderCapabilities, less: Partial<ProviderCapabilities>): void {
  executor.play(ROUTE, (_request, response) => {
    const answer = { service: 'sandport-executor', specificationVersion: 'v1', executor: 'played', providerId: 'wasm' };
    answerJson(response, 200, { ...answer, capabilities: { ...own, ...less } });
  });
}

describe.concurrent('asked what it can do, the provider', () => {
  test('says no more than the executor, and what it declares stays the same', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    const declared = structuredClone(provider.capabilities);
    const less = {
      javascriptRuntime: 'ecmascript',
      limits: { ...declared.limits, processes: false },
      subprocesses: false,
      maxima: { timeoutMs: 5000, memoryBytes: 2 ** 28 },
    } as const;
    tell(executor, declared, less);
    expect(await provider.askCapabilities?.()).toEqual({ ...declared, ...less, maxima: { ...declared.maxima, ...less.maxima } });
    expect(provider.capabilities).toEqual(declared);
  });

  test('says no more than its own configuration allows, whatever the executor says', async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider({ timeoutMs: 3000 });
    tell(executor, provider.capabilities, { maxima: { timeoutMs: 900_000 } });
    expect((await provider.askCapabilities?.())?.maxima.timeoutMs).toBe(3000);
  });

  test('says what all executors can do, for any may be given the sandbox', async () => {
    await using first = await PlayedExecutor.start();
    await using second = await PlayedExecutor.start();
    await using away = await PlayedExecutor.start();
    await using provider = first.provider({ endpoints: [away.url, second.url], protocol: 'sandport' });
    tell(first, provider.capabilities, { stdin: false });
    tell(second, provider.capabilities, { contexts: false });
    away.play(ROUTE, (_request, response) => void response.writeHead(502).end());
    expect(await provider.askCapabilities?.()).toEqual({ ...provider.capabilities, stdin: false, contexts: false });
  });

  test("says what RAGFlow's executor manager can do", async () => {
    await using executor = await PlayedExecutor.start();
    await using provider = executor.provider();
    executor.play(ROUTE, (_request, response) => answerJson(response, 404, { detail: 'Not Found' }));
    executor.play('GET /healthz', (_request, response) => answerJson(response, 200, { ...RAGFLOW_HEALTH }));
    expect(await provider.askCapabilities?.()).toMatchObject({ files: false, stdin: false, limits: { processes: false } });
  });

  test('says why it does not know', async () => {
    await using executor = await PlayedExecutor.start();
    const provider = executor.provider({ protocol: 'sandport' });
    tell(executor, provider.capabilities, { languages: ['cobol' as never] });
    expect((await thrownBy(provider.askCapabilities?.() ?? Promise.resolve())).code).toBe('RESPONSE_INVALID');
    executor.play(ROUTE, (_request, response) => answerJson(response, 401, toServiceProblem('UNAUTHENTICATED', 'no'), MEDIA_TYPES.problem));
    expect((await thrownBy(provider.askCapabilities?.() ?? Promise.resolve())).code).toBe('AUTHENTICATION_FAILED');
    const withdrawn = provider.askCapabilities?.({ signal: AbortSignal.abort() });
    expect((await thrownBy(withdrawn ?? Promise.resolve())).code).toBe('CANCELLED');
    executor.play(ROUTE, () => undefined);
    const given = AbortSignal.timeout(100);
    expect((await thrownBy(provider.askCapabilities?.({ signal: given }) ?? Promise.resolve())).code).toBe('CANCELLED');
    await provider.close();
    expect((await thrownBy(provider.askCapabilities?.() ?? Promise.resolve())).code).toBe('SANDBOX_CLOSED');
  });
});
