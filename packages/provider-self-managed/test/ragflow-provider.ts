import { SandboxError, type SandboxProvider, type Secret } from '@sandport/core';
import { Agent } from 'undici';
import { RAGFLOW_CAPABILITIES } from '../src/ragflow/ragflow-capabilities.ts';
import { RagflowExecutor } from '../src/ragflow/ragflow-executor.ts';

/** How the provider reaches its far end. */
export interface RagflowProviderOptions {
  readonly endpoint: string;
  readonly token?: Secret;
  readonly requestTimeoutMs?: number;
}

/** The executor alone, as a provider that does nothing else. */
export function createRagflowProvider({ requestTimeoutMs = 10_000, ...options }: RagflowProviderOptions): SandboxProvider {
  const agent = new Agent();
  const executor = new RagflowExecutor({ ...options, requestTimeoutMs, agent });
  const close = async (): Promise<void> => {
    await executor.close();
    await agent.destroy();
  };
  return {
    specificationVersion: 'v1',
    id: 'self_managed',
    capabilities: RAGFLOW_CAPABILITIES,
    createSandbox: (sandbox, call) => executor.createSandbox(sandbox, call),
    connectSandbox: () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'No sandbox outlives its call.')),
    checkHealth: (call) => executor.checkHealth(call),
    close,
    [Symbol.asyncDispose]: close,
  };
}
