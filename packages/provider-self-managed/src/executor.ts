import type { CallOptions, CreateSandboxOptions, HealthReport, ProviderCapabilities, Sandbox } from '@sandport/core';

/** Speaks with one kind of far side. What a provider guarantees, each of its methods guarantees. */
export interface Executor {
  createSandbox(options: CreateSandboxOptions, call: CallOptions): Promise<Sandbox>;
  /** Absent where no sandbox outlives its maker. */
  connectSandbox?(id: string, call: CallOptions): Promise<Sandbox>;
  /** What can be done there. */
  askCapabilities(call: CallOptions): Promise<ProviderCapabilities>;
  checkHealth(call: CallOptions): Promise<HealthReport>;
  close(): Promise<void>;
}
