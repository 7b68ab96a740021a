import { performance } from 'node:perf_hooks';
import {
  healthStatusOf,
  LANGUAGES,
  type CallOptions,
  type ExecutionResult,
  type HealthCheck,
  type HealthReport,
  type Language,
} from '@sandport/core';
import { checkOf, probeCheck, withDeadline } from '@sandport/provider-kit';
import type { RagflowClient } from './ragflow-client.ts';
import { RAGFLOW_PROVIDER_ID, toRagflowError } from './ragflow-errors.ts';
import { RAGFLOW_ISOLATION } from './ragflow-result.ts';

const OPERATION = 'check health';

const BOUNDARY: HealthCheck = {
  name: 'isolation',
  status: 'warning',
  message:
    'What separates programs from each other and from the network is the word of the far end. RAGFlow uses its containers again for everybody and leaves them the network; its limits, verdicts and values can be forged by programs.',
  remedy: 'Use an executor of Sandport where that matters.',
};

/** Asks the far end whether it is well, which it always is, and runs a trivial program in each language. */
export async function checkRagflowHealth(
  client: RagflowClient,
  probe: (language: Language) => Promise<ExecutionResult>,
  { signal }: CallOptions,
): Promise<HealthReport> {
  const began = performance.now();
  const answers = await lookAt(client, signal);
  const checks = [answers];
  if (answers.status === 'ok') {
    for (const language of LANGUAGES) {
      const toError = (error: unknown): ReturnType<typeof toRagflowError> => toRagflowError(error, OPERATION);
      checks.push((await probeCheck({ language, probe, toError, remedy: "Look at the log of RAGFlow's executor manager." })).check);
    }
    checks.push(BOUNDARY);
  }
  const hasRun = checks.some(({ name, status }) => name.startsWith('run.') && status === 'ok');
  return {
    providerId: RAGFLOW_PROVIDER_ID,
    status: healthStatusOf(checks),
    isolation: hasRun ? RAGFLOW_ISOLATION : null,
    checks,
    checkedAt: new Date().toISOString(),
    durationMs: performance.now() - began,
  };
}

async function lookAt(client: RagflowClient, signal: AbortSignal | undefined): Promise<HealthCheck> {
  const options = { timeoutMs: client.requestTimeoutMs, signal, providerId: RAGFLOW_PROVIDER_ID, operation: OPERATION };
  try {
    await withDeadline(options, (given) => client.checkHealth(given));
    return checkOf('executor', undefined, "RAGFlow's executor manager answers. That says nothing of its containers.");
  } catch (error) {
    return checkOf('executor', toRagflowError(error, OPERATION), '');
  }
}
