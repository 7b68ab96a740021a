import type { ProviderCapabilities } from '@sandport/core';

/** RAGFlow's own client waits no longer. The far end has a limit of its own, which it does not tell. */
const MOST_TIMEOUT_MS = 300_000;

/**
 * What is left of the contract where one call takes a program and gives an answer.
 *
 * - The network is that of the far end's containers: open, as RAGFlow sets them up. `none` is declared since nothing else can be asked for; the check of health says so.
 * - Artifacts come, as far as RAGFlow takes them, but what it left behind is not told: they are not promised.
 * - A program that is withdrawn goes on there.
 * - Its analyzer refuses what starts subprocesses.
 */
export const RAGFLOW_CAPABILITIES: ProviderCapabilities = {
  languages: ['python', 'javascript'],
  javascriptRuntime: 'node',
  executionsPerSandbox: 'one',
  streamsOutput: false,
  stdin: false,
  contexts: false,
  richResults: false,
  lifetimes: false,
  reconnect: false,
  files: false,
  artifacts: false,
  environment: false,
  cancellation: false,
  network: ['none'],
  limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false },
  subprocesses: false,
  maxima: { timeoutMs: MOST_TIMEOUT_MS },
};

/** The same, where requests may ask for less time than that. */
export function ragflowCapabilities({ timeoutMs }: { readonly timeoutMs: number }): ProviderCapabilities {
  return { ...RAGFLOW_CAPABILITIES, maxima: { timeoutMs: Math.min(timeoutMs, MOST_TIMEOUT_MS) } };
}
