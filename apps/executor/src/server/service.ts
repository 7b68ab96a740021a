import type { SandboxProvider } from '@sandport/core';
import type { OpenAnswers } from '@sandport/http-service';
import type { TokenUse } from '../access/token-use.ts';
import type { ExecutorConfig } from '../config/executor-config.ts';
import type { ExecutionRegistry } from '../executions/execution-registry.ts';
import type { OutcomeMemory } from '../executions/outcome-memory.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';
import type { SandboxBook } from '../sandboxes/sandbox-book.ts';

/** What the routes work with. */
export interface Service {
  readonly config: ExecutorConfig;
  readonly provider: SandboxProvider;
  readonly use: TokenUse;
  readonly answers: OpenAnswers;
  readonly executions: ExecutionRegistry;
  readonly outcomes: OutcomeMemory;
  readonly sandboxes: SandboxBook;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
}
