import type { FakeAgentRun, FakeAgentRunOptions } from './fake-agent-run.ts';

/** Starts a fake AgentRun on a free port of 127.0.0.1. */
export function startFakeAgentRun(_options: FakeAgentRunOptions = {}): Promise<FakeAgentRun> {
  return Promise.reject(new Error('The fake AgentRun cannot be started yet'));
}
