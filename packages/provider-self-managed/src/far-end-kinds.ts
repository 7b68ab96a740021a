import type { ProviderCapabilities } from '@sandport/core';
import type { ExecutorSettings } from './executor-settings.ts';
import type { Executor } from './executor.ts';
import type { FarEndKind } from './far-end.ts';
import { NativeExecutor } from './native/native-executor.ts';
import { ragflowCapabilities } from './ragflow/ragflow-capabilities.ts';
import { RagflowExecutor } from './ragflow/ragflow-executor.ts';
import { selfManagedCapabilities } from './self-managed-capabilities.ts';
import type { SelfManagedProviderConfig } from './self-managed-provider-config.ts';

/** What there is for one kind of far end. */
export interface FarEndParts {
  /** What can be done there at most. */
  readonly capabilities: (config: SelfManagedProviderConfig) => ProviderCapabilities;
  /** Makes what speaks with it, without I/O. */
  readonly createExecutor: (settings: ExecutorSettings) => Executor;
}

/** The kinds of far end, with what there is for each. */
export const FAR_ENDS: Readonly<Record<FarEndKind, FarEndParts>> = {
  sandport: { capabilities: selfManagedCapabilities, createExecutor: (settings) => new NativeExecutor(settings) },
  ragflow: { capabilities: ragflowCapabilities, createExecutor: createRagflowExecutor },
};

/** It has no sandboxes that could be shared out: the first address takes all calls. */
function createRagflowExecutor({ config, client, endpoints: [first] }: ExecutorSettings): Executor {
  const { origin = '', basePath = '' } = first ?? {};
  return new RagflowExecutor({
    endpoint: `${origin}${basePath}`,
    token: config.token,
    requestTimeoutMs: client.requestTimeoutMs,
    agent: () => client.getAgent(),
    capabilities: ragflowCapabilities(config),
  });
}
