import { runnerOfClient, type KeptState } from '@sandport/agent';
import type { SandboxClient } from '@sandport/client';
import { SandboxError } from '@sandport/core';
import type { McpCodeOptions } from '@sandport/mcp';
import type { CliContext } from '../cli-context.ts';
import { reportWarning } from '../report-error.ts';
import type { ListenAddress } from './listen-address.ts';

/** Options of `sandport mcp`. */
export interface McpOptions {
  readonly provider?: string;
  readonly state?: KeptState;
  /** In milliseconds. */
  readonly timeout?: number;
  /** In bytes. */
  readonly memory?: number;
  /** A number of processors. */
  readonly cpus?: number;
  /** Serve over HTTP, and not over stdio. */
  readonly http?: ListenAddress;
  readonly tokenFile?: string;
  readonly allowHost: readonly string[];
  readonly allowOrigin: readonly string[];
  readonly json?: boolean;
  readonly settings?: string;
}

/** What each session of the server is made of. What a model is told of the provider is what it can do now: what another one cannot, that one refuses. */
export async function codeOptionsOf(context: CliContext, client: SandboxClient, options: McpOptions): Promise<McpCodeOptions> {
  const capabilities = await client.capabilities({ signal: context.signal });
  const { timeout: timeoutMs, memory: memoryBytes, cpus, state } = options;
  return {
    tool: {
      runner: runnerOfClient(client, capabilities),
      limits: { timeoutMs, memoryBytes, cpus },
      state,
      onWarning: (error) => warn(context, error),
    },
  };
}

/** Tells of what has nobody else to be told to. */
export function warn(context: CliContext, error: unknown): void {
  if (SandboxError.isInstance(error)) reportWarning(context, error);
  else reportWarning(context, new SandboxError('INTERNAL', 'A session met a fault of Sandport.', { cause: error }));
}
