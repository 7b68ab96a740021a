import {
  executeOnce,
  lowerDefaultLimits,
  parseExecutionRequest,
  type CallOptions,
  type CreateSandboxOptions,
  type ExecutionRequestInput,
  type ExecutionResult,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';

/** What of a client is needed here. `SandboxClient` of `@sandport/client` has it. */
export interface CodeClient {
  execute(request: ExecutionRequestInput, options?: CallOptions): Promise<ExecutionResult>;
  createSandbox(options: CreateSandboxOptions, call?: CallOptions): Promise<Sandbox>;
}

/** Where the code of a tool or a step runs, and what can be done there. It stays its maker's to close. */
export interface CodeRunner extends CodeClient {
  readonly capabilities: ProviderCapabilities;
}

/** Runs code on one provider: each call in a fresh sandbox, which is destroyed with it. */
export function runnerOfProvider(provider: SandboxProvider): CodeRunner {
  return {
    capabilities: provider.capabilities,
    execute: async (request, options) =>
      executeOnce(provider, lowerDefaultLimits(parseExecutionRequest(request), provider.capabilities.maxima), options),
    createSandbox: (options, call) => provider.createSandbox(options, call),
  };
}

/**
 * Runs code where a client takes it.
 *
 * @param capabilities What the model is told. A client may go to another provider later: what that one cannot do, it refuses.
 */
export function runnerOfClient(client: CodeClient, capabilities: ProviderCapabilities): CodeRunner {
  return {
    capabilities,
    execute: (request, options) => client.execute(request, options),
    createSandbox: (options, call) => client.createSandbox(options, call),
  };
}
