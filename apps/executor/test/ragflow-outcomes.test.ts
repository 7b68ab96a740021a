import { createProvider, parseExecutionRequest, sandboxOptionsOf, type SandboxProvider } from '@sandport/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProvider } from '../src/find-provider.ts';
import type { RagflowRoutesOptions } from '../src/ragflow/ragflow-routes.ts';
import { readAsAgentNode, RagflowClient } from './ragflow-client.ts';
import { OUTCOME_ROWS } from './ragflow-outcome-rows.ts';
import { startRagflowServer, type RagflowServer } from './ragflow-server.ts';

const runBy =
  (provider: SandboxProvider): RagflowRoutesOptions['run'] =>
  async (input, { signal, tenant }) => {
    const request = parseExecutionRequest({ ...input, tenant });
    const sandbox = await provider.createSandbox(sandboxOptionsOf(request), { signal });
    try {
      return await sandbox.execute(request, { signal });
    } finally {
      await sandbox.destroy();
    }
  };

describe('a client of RAGFlow, with programs in WebAssembly', () => {
  let provider: SandboxProvider;
  let server: RagflowServer;
  let client: RagflowClient;

  beforeAll(async () => {
    provider = createProvider(findProvider('wasm'), {});
    server = await startRagflowServer({ run: runBy(provider), timeoutMs: 4000 });
    client = new RagflowClient(server.url);
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await provider.close();
  });

  test('finds the service healthy', async () => {
    expect(await client.checkHealth()).toBe(true);
  });

  const rows = OUTCOME_ROWS.filter(({ needs }) => needs === 'any');
  test.for(rows.map((row) => [row.name, row] as const))('is told of %s', async ([, row]) => {
    const execution = await client.executeCode(row.request);
    expect(execution.answer).toMatchObject(row.expected);
    if (row.outcome !== undefined) expect(readAsAgentNode(execution)).toEqual(row.outcome);
  });
});
