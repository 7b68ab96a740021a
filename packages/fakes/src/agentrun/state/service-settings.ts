import type { SandboxHost } from '../../execution/sandbox-host.ts';
import type { ExecutionTimeoutAnswer } from '../agent-run-fault.ts';
import type { FakeAgentRunOptions, FakeLimits } from '../fake-agent-run.ts';

const defaultLimits: FakeLimits = {
  maxSandboxes: 100,
  maxTemplates: 100,
  maxExecutionSeconds: 30,
  maxLifetimeSeconds: 21_600,
  maxIdleSeconds: 21_600,
  maxUploadBytes: 100 * 1024 * 1024,
  maxBodyBytes: 32 * 1024 * 1024,
  maxDiskBytes: 512 * 1024 * 1024,
};

/** The options with their defaults, and what was found on this machine. */
export interface ServiceSettings {
  readonly region: string;
  readonly now: () => number;
  readonly templateCreationMs: number;
  readonly sandboxCreationMs: number;
  readonly templateDeletionMs: number;
  readonly dataEnvelope: 'wrapped' | 'bare';
  readonly executionTimeoutAnswer: ExecutionTimeoutAnswer;
  readonly limits: FakeLimits;
  readonly apiKeys: Readonly<Record<string, string>>;
  readonly host: SandboxHost;
}

export function resolveSettings(options: FakeAgentRunOptions, host: SandboxHost): ServiceSettings {
  return {
    region: options.region ?? 'cn-hangzhou',
    now: options.now ?? Date.now,
    templateCreationMs: options.templateCreationMs ?? 0,
    sandboxCreationMs: options.sandboxCreationMs ?? 0,
    templateDeletionMs: options.templateDeletionMs ?? 0,
    dataEnvelope: options.dataEnvelope ?? 'wrapped',
    executionTimeoutAnswer: options.executionTimeoutAnswer ?? 'error-item',
    limits: { ...defaultLimits, ...options.limits },
    apiKeys: options.apiKeys ?? {},
    host,
  };
}
