import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExecutorUnderTest, type ExecutorUnderTest } from './executor-under-test.ts';
import { readAsAgentNode, RagflowClient } from './ragflow-client.ts';
import { OUTCOME_ROWS } from './ragflow-outcome-rows.ts';

describe('a client of RAGFlow, with programs in containers under gvisor', () => {
  let served: ExecutorUnderTest;
  let client: RagflowClient;

  beforeAll(async () => {
    served = await startExecutorUnderTest({
      config: {
        provider: { id: 'docker', config: { isolation: 'gvisor' } },
        open: { ragflow: true },
        ragflow: { timeoutMs: 4000 },
      },
    });
    client = new RagflowClient(served.address);
  });

  afterAll(() => served[Symbol.asyncDispose]());

  test('finds the service healthy', async () => {
    expect(await client.checkHealth()).toBe(true);
  });

  test.for(OUTCOME_ROWS.map((row) => [row.name, row] as const))('is told of %s', async ([, row]) => {
    const execution = await client.executeCode(row.request);
    expect(execution.answer).toMatchObject(row.expected);
    if (row.outcome !== undefined) expect(readAsAgentNode(execution)).toEqual(row.outcome);
  });
});
